import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, readdir, realpath, symlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '../../../..')
const packages = ['core', 'adapters', 'server']

/** A copy of a checkout, built: in this one itself there may be no build, or an older one. */
export async function builtCheckout(folder: string, original = root): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of ['tsconfig.base.json', 'LICENSE']) await copyFile(join(original, name), join(folder, name))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await Promise.all(packages.map((name) => build(join(original, 'packages', name), join(folder, 'packages', name))))
}

async function build(from: string, to: string): Promise<void> {
  const isCopied = (path: string) => !/^\/(node_modules|dist|test)$/.test(path.slice(from.length))
  await cp(from, to, { recursive: true, filter: isCopied })
  await linkDependencies(join(from, 'node_modules'), join(to, 'node_modules'))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  // The types are checked elsewhere.
  const fast = ['--noCheck', '--declaration', 'false', '--declarationMap', 'false']
  await promisify(execFile)(process.execPath, [tsc, '-p', to, ...fast])
}

const isOurs = (name: string) => packages.some((one) => name === `@pawl/${one}`)

/** The same packages that are beside the original; ours are the copies. */
async function linkDependencies(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from)) {
    if (entry.startsWith('.')) continue
    const names = entry.startsWith('@') ? (await readdir(join(from, entry))).map((name) => join(entry, name)) : [entry]
    for (const name of names) {
      const place = join(to, name)
      await mkdir(dirname(place), { recursive: true })
      await symlink(isOurs(name) ? join(to, '../..', basename(name)) : await realpath(join(from, name)), place)
    }
  }
}
