import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { worldDefaults } from '@pawl/testkit/world'
import fc from 'fast-check'
import { testSeed } from './index.ts'

// In every file of tests: what a property is tried with follows from the seed of the run, and worlds compute with the
// primitives of Node.

fc.configureGlobal({ seed: testSeed })
worldDefaults.crypto = nodeCrypto()
