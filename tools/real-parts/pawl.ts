import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { transformSync } from 'esbuild'

// The command line of this checkout as a program; `pawl-program.ts` has made it for the whole run.

const folder = process.env.PAWL_TEST_PROGRAM ?? ''

/** What Node runs for it. */
export const pawlMain = join(folder, 'dist/cli/main.js')

/**
 * A PATH on which `pawl` and `npx pawl` are this program: so a test runs what a page or a program says, word by word.
 *
 * @example
 * await run('sh', ['-c', 'npx pawl --version'], { env: { PATH: pathWithPawl() } })
 */
export function pathWithPawl(): string {
  return `${join(folder, 'bin')}${delimiter}${process.env.PATH}`
}

/**
 * Writes a program in one file, in TypeScript or JavaScript, where it finds the packages of Pawl. Node starts it in a fifth
 * of the time that `tsx` takes to translate our sources.
 *
 * @example
 * execFileSync(process.execPath, [programFrom(`import { createClient } from '@pawl/core/client' …`)])
 */
export function programFrom(source: string): string {
  const file = join(folder, 'programs', `${randomUUID()}.mjs`)
  mkdirSync(join(folder, 'programs'), { recursive: true })
  writeFileSync(file, transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' }).code)
  return file
}
