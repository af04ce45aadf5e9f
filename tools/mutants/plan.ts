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
