import { delimiter, join } from 'node:path'

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
