import { nodeCrypto } from '@pawl/adapters/crypto/node'
import fc from 'fast-check'
// The file itself, because the whole engine would be loaded for every small test.
import { worldDefaults } from '../../packages/testkit/src/world/defaults.ts'
import { testSeed } from './index.ts'

// In every file of tests: what a property is tried with follows from the seed of the run, and worlds compute with the
// primitives of Node.

fc.configureGlobal({ seed: testSeed })
worldDefaults.crypto = nodeCrypto()
