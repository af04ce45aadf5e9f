import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { filesOf, licencesOf } from './contents.ts'
import { isNative, type Needs, needsOf, thisNode } from './machine.ts'
import { notices, type Part } from './notices.ts'
import { type Package, packagesOf, readPackage, refuseWithoutSqlite } from './packages.ts'
import { type Entry, tar } from './tar.ts'

export interface Bundle {
  /** The folder that the archive unpacks to. */
  readonly folder: string
  readonly packages: number
  readonly bytes: number
  readonly sha256: string
  readonly needs: Needs
}

export interface BundleOptions {
  readonly withNode: boolean
  /** Called repeatedly with the number of packed bytes. */
  readonly packed?: (bytes: number) => void
}

const server = fileURLToPath(new URL('../../..', import.meta.url))

/** Packs this installation and its dependencies into an archive. The same installation gives the same bytes. */
export async function writeBundle(path: string, { withNode, packed = () => {} }: BundleOptions): Promise<Bundle> {
  if (existsSync(path)) throw new Error(`${path} already exists. Remove it, or choose another name.`)
  const packages = packagesOf(server)
  refuseWithoutSqlite(packages)
  const node = withNode ? thisNode() : null
  const entries = [...filesBeside(), ...packages.flatMap(filesIn)]
  if (node) entries.push(entry('lib/node/bin/node', node.program), entry('lib/node/LICENSE', node.licence))
  const { version, engines } = readPackage(server).manifest
  const needs = needsOf(engines?.node, entries.map(({ data }) => data).filter(isNative))
  const parts = packages.map(partOf)
  if (node) parts.push({ name: 'Node.js', version: process.versions.node, licence: 'MIT', texts: [text(node.licence)] })
  entries.push(made('NOTICES', notices(parts)))
  entries.push(manifestOf(version, needs, parts, entries))
  const folder = `pawl-${version}-${needs.platform}-${needs.arch}`
  const sha256 = await write(path, folder, entries, packed)
  return { folder, packages: packages.length, bytes: statSync(path).size, sha256, needs }
}

/** The files of a bundle besides packages: the programs that start, check and install it. */
function filesBeside(): Entry[] {
  const folder = join(server, 'bundle')
  return ['bin/pawl', 'install.sh', 'lib/start.mjs', 'pawl.service', 'verify.sh'].map((path) =>
    entry(path, join(folder, path)),
  )
}

function filesIn({ folder, manifest, path }: Package): Entry[] {
  const at = (name: string) => `lib/node_modules/${path}/${name}`
  const files = filesOf(folder, manifest).map((name) => entry(at(name), join(folder, name)))
  return [...files, ...licencesOf(folder).map((licence) => entry(at(basename(licence)), licence))]
}

function partOf({ manifest: { name, version, license }, folder }: Package): Part {
  const licence = typeof license === 'object' ? license.type : license
  return { name, version, licence: licence ?? 'no licence stated', texts: licencesOf(folder).map(text) }
}

/** The contents and the requirements of the bundle. A line for each file, so that a shell can read it. */
function manifestOf(version: string, needs: Needs, parts: readonly Part[], entries: readonly Entry[]): Entry {
  const packages = parts.map(({ name, version, licence }) => ({ name, version, licence }))
  const sums = entries.map(({ path, data }) => [path, createHash('sha256').update(data).digest('hex')] as const)
  const files = Object.fromEntries(sums.sort(([a], [b]) => (a < b ? -1 : 1)))
  return made('manifest.json', `${JSON.stringify({ name: 'pawl', version, needs, packages, files }, null, 2)}\n`)
}

/** The archive gets its name when it is whole; answers its SHA-256. */
async function write(
  path: string,
  folder: string,
  entries: readonly Entry[],
  packed: (bytes: number) => void,
): Promise<string> {
  const sorted = entries
    .map((one) => ({ ...one, path: `${folder}/${one.path}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const hash = createHash('sha256')
  const part = `${path}.part`
  let bytes = 0
  const watched = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
      packed(bytes)
      yield chunk
    }
  }
  try {
    await pipeline(Readable.from(tar(sorted)), createGzip(), watched, createWriteStream(part))
    renameSync(part, path)
  } finally {
    rmSync(part, { force: true })
  }
  return hash.digest('hex')
}

function entry(path: string, file: string): Entry {
  const data = readFileSync(file)
  return {
    path,
    data,
    isExecutable: isNative(data) ? path.endsWith('/bin/node') : data.subarray(0, 2).toString() === '#!',
  }
}

function made(path: string, content: string): Entry {
  return { path, data: Buffer.from(content), isExecutable: false }
}

function text(file: string): string {
  return readFileSync(file, 'utf8')
}
