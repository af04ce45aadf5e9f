import fc from 'fast-check'
import { testSeed } from './index.ts'

// In every file of tests: what a property is tried with follows from the seed of the run.

fc.configureGlobal({ seed: testSeed })
