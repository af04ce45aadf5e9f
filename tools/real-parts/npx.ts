import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const main = join(root, 'packages/server/src/cli/main.ts')
const program = [process.execPath, '--conditions=@pawl/source', '--import', import.meta.resolve('tsx'), main]

/**
 * A PATH on which `npx pawl` is the command line of this checkout, from its sources: so a test runs what a page or a
 * program says, word by word. It lives as long as the folder.
 *
 * @example
 * await run('sh', ['-c', 'npx pawl --version'], { env: { PATH: pathWithPawl(folder) } })
 */
export function pathWithPawl(folder: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  const words = program.map((word) => `'${word}'`).join(' ')
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec ${words} "$@"\n`, { mode: 0o755 })
  return `${bin}${delimiter}${process.env.PATH}`
}
