import type { webcrypto } from 'node:crypto'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import fc from 'fast-check'
// The file itself, because the whole engine would be loaded for every small test.
import { worldDefaults } from '../../packages/testkit/src/world/defaults.ts'
import { testSeed, tries } from './index.ts'

// In every file of tests: the seed of the run decides what a property is tried with, a quick run tries fewer cases, and worlds
// compute with the primitives of Node.

fc.configureGlobal({ seed: testSeed, numRuns: tries(100, 4) })
worldDefaults.crypto = nodeCrypto()
reuseRsaKeys()

/** A new RSA key takes 150 ms, so each process makes eight, and vaults get them in turn. */
function reuseRsaKeys(): void {
  const { subtle } = globalThis.crypto
  // Test files that share a process share the keys.
  if (Object.hasOwn(subtle, 'generateKey')) return
  const generate: (...wanted: readonly never[]) => Promise<webcrypto.CryptoKeyPair> = subtle.generateKey.bind(subtle)
  const made: Promise<webcrypto.CryptoKeyPair>[] = []
  let given = 0
  const reused = (algorithm: { readonly name: string; readonly hash?: string }, ...rest: readonly never[]) => {
    if (algorithm.name !== 'RSASSA-PKCS1-v1_5' || algorithm.hash !== 'SHA-256')
      return generate(algorithm as never, ...rest)
    const at = given++ % 8
    made[at] ??= generate(algorithm as never, ...rest)
    return made[at]
  }
  Object.assign(subtle, { generateKey: reused })
}
