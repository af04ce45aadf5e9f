import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isWhole, note } from '../test-run/index.ts'

/**
 * Whether a test has the real thing that it needs. Where it is not installed the test is skipped, and the notice of the
 * run says how to install it; a whole run fails.
 *
 * @example
 * describe.skipIf(!hasPart('SoftHSM2', 'apt-get install softhsm2', isThere))('a token', () => …)
 */
export function hasPart(name: string, remedy: string, isThere: boolean): boolean {
  if (!isThere && isWhole) throw new Error(`${name} is missing, and PAWL_TEST_REQUIRE=all. ${remedy}`)
  if (!isThere) note(`${name}: not installed (${remedy})`)
  return isThere
}

/** Where a program is, looked up as a shell would and in the folders given; null when it is nowhere. */
export function programAt(name: string, ...folders: readonly string[]): string | null {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders]
  return places.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}
