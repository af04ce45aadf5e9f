import { nodeCrypto } from '@pawl/adapters/crypto/node'
import fc from 'fast-check'
// The file itself, because the whole engine would be loaded for every small test.
import { worldDefaults } from '../../packages/testkit/src/world/defaults.ts'
import { testSeed, tries } from './index.ts'

// In every file of tests: the seed of the run decides what a property is tried with, a quick run tries fewer cases, and worlds
// compute with the primitives of Node.

fc.configureGlobal({ seed: testSeed, numRuns: tries(100, 4) })
worldDefaults.crypto = nodeCrypto()
