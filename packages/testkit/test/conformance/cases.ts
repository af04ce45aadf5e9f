import type { Runner } from '../../src/conformance/asserts.ts'

/**
 * The cases of a suite by their titles, to be run one at a time: a suite proves itself by the case that turns red for
 * something that is broken.
 *
 * @example
 * await expect(casesOf((run) => testStorage('broken', open, run)).get(title)?.()).rejects.toThrow()
 */
export function casesOf(suite: (runner: Runner) => void): Map<string, () => Promise<void>> {
  const cases = new Map<string, () => Promise<void>>()
  suite({ describe: (_, body) => body(), it: (title, body) => void cases.set(title, async () => body()) })
  return cases
}
