import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

// Goal: one list of every place that can read private key material (point 11). Method: the source is searched. A new place
// makes this test fail, and a person who adds it here says why.

const root = join(import.meta.dirname, '../../../../..')

const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'openForSigning(': {
    'packages/core/src/areas/secrets/secret.ts': 'defines it',
    'packages/core/src/areas/signers/open-key.ts': 'the one function that opens keys',
  },
  'withPrivateKey(': {
    'packages/core/src/areas/signers/open-key.ts': 'defines it',
    'packages/core/src/areas/signers/sign.ts': 'signs, and derives the public key of a key in an ordinary vault',
  },
  'exportedKey(': {
    'packages/core/src/areas/signers/open-key.ts': 'defines it',
    'packages/core/src/areas/signers/operations/export-signing-key.ts': 'shows it to a human who proved who they are',
    'packages/core/src/areas/deposits/operations/export-destination.ts':
      'shows it to its owner who proved who they are',
    'packages/core/src/areas/wallets/operations/export-wallet.ts': 'shows it to its owner who proved who they are',
  },
  'newPrivateKey(': {
    'packages/core/src/areas/signers/private-key.ts': 'defines it',
    'packages/core/src/areas/signers/provision.ts': 'makes a key and stores it',
  },
  'readPrivateKey(': {
    'packages/core/src/areas/signers/private-key.ts': 'defines it',
    'packages/core/src/areas/signers/open-key.ts': 'reads what is stored',
    'packages/core/src/areas/signers/import-key.ts': 'reads what a human brings',
  },
  'decryptValue(': {
    'packages/core/src/areas/vaults/values.ts': 'defines it',
    'packages/core/src/areas/secrets/secret.ts': 'reads a version, after the check of key material',
    'packages/core/src/areas/secrets/change-value.ts': 'encrypts a value under another key',
    'packages/core/src/areas/secrets/held-values.ts': 'searches texts for values, and leaves signing keys out',
  },
  'secp256k1.sign(': {
    'packages/core/src/ports/reference/crypto.ts': 'the default of the crypto port',
    'packages/core/src/ports/reference/hsm.ts': 'the key store in memory',
    'packages/core/src/ports/reference/evm.ts': 'the wallets of the chain in memory, for tests',
  },
  'secp256k1Sign(': {
    'packages/core/src/ports/crypto.ts': 'declares it',
    'packages/core/src/areas/signers/sign.ts': 'signs digests with the key of an agent',
    'packages/adapters/src/crypto/secp256k1.ts': 'hands the key to libsecp256k1, and wipes the memory of that',
    'packages/adapters/src/hsm/software/keys.ts': 'the key store in a file',
  },
  'secp256k1PublicKey(': {
    'packages/core/src/ports/crypto.ts': 'declares it',
    'packages/core/src/areas/signers/private-key.ts': 'derives the public key of a private key',
    'packages/adapters/src/crypto/secp256k1.ts': 'hands the key to libsecp256k1, and wipes the memory of that',
  },
}

const files = ['core', 'adapters', 'server'].flatMap((name) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
)

/** Code without comments. A definition can have type parameters: `withPrivateKey<T>(`. */
const source = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/^\s*(?:\*|\/\/).*$/gm, '')
    .replace(/(\w)<\w+>\(/g, '$1(')

test.each(Object.entries(places))('%s is called only where this list says', (call, allowed) => {
  const found = files.filter((file) => source(file).includes(call))
  expect(found.sort()).toEqual(Object.keys(allowed).sort())
})

test('no SDK of a chain is installed beside the keys, and elliptic nowhere (I1, I2, I16)', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'))
  const sdks = ['viem', 'ethers', 'web3', '@solana/web3.js', 'xrpl', 'tronweb', 'bitcoinjs-lib']
  expect(Object.keys(dependencies).filter((name) => sdks.includes(name))).toEqual([])
  const shipped = files.filter((file) => /from '(?:viem|ethers|web3|xrpl|tronweb|@solana\/)/.test(source(file)))
  expect(shipped).toEqual([])
})
