import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What one run is about, as `run.ts` hands it to the process that runs the tests. */
export interface Plan {
  /** Absolute paths of the test files. */
  readonly tests: readonly string[]
  /** Per absolute path, the code in which each mutant waits behind a condition. */
  readonly code: Readonly<Record<string, string>>
  /** Ids of all mutants. */
  readonly mutants: readonly string[]
}

/** What the tests say about a mutant. Nothing counts that runs only while modules load, because they load once. */
export type Verdict = 'killed' | 'survived' | 'unreached' | 'static' | 'timeout'

/** One line of `outcomes.jsonl`. Without a verdict, the mutant is being tried. */
export interface Outcome {
  readonly id: string
  readonly verdict?: Verdict
  /** The test that noticed, or the tests that could have. */
  readonly by?: string
  readonly took?: number
}

/** The results of the first run of all tests. */
export interface Known {
  readonly coverage: { readonly static: Hits; readonly perTest: Readonly<Record<string, Hits>> }
  /** The tests that passed, by id. */
  readonly seen: readonly (readonly [string, Seen])[]
}
type Hits = Readonly<Record<string, number>>

export interface Seen {
  readonly name: string
  readonly file: string
  readonly took: number
}

export function knownFile(folder: string): string {
  return join(folder, 'known.json')
}

/** The test files that run before the first mutant. One is enough if the results of the first run are known. */
export function testsToLoad(folder: string, { tests }: Plan): readonly string[] {
  return existsSync(knownFile(folder)) ? tests.slice(0, 1) : tests
}
