import fc from 'fast-check'
import { encodeFunctionData, hashTypedData, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import {
  execTransactionData,
  packedSignatures,
  type Safe,
  type SafeTransaction,
  safeSigner,
  safeTxHash,
} from './safe.ts'

// Goal: Safe accepts what Pawl signs and sends. Method: viem computes the same; a test in treasury/ asks the contract itself.

const owner = privateKeyToAccount('0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20')
const safe: Safe = { address: `0x${'11'.repeat(20)}`, chainId: 1, version: '1.4.1' }
const dead = '0x000000000000000000000000000000000000dEaD'
const transaction: SafeTransaction = { to: dead, value: 10n ** 9n, data: new Uint8Array(0), operation: 0, nonce: 5n }
const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))

test('the hash and its signature are those of the vector (web3.md 6.4)', async () => {
  const hash = safeTxHash(safe, transaction)
  expect(hex(hash)).toBe('0xba27073518c70b2cb882cc910dd7de1d3be2654ed65d018548adfb805abaefcb')
  const signature =
    '0x99c46cd755a8d7f724c36eb95e926d1698839f644e10ff7bf00b231f7f61621c2739b41115f01ebdd4d2cbc2f003e01889919fd840c6c26deb1bb992a3515fa21b'
  expect(await owner.sign({ hash: hex(hash) })).toBe(signature)
  expect(safeSigner(hash, bytes(signature))).toEqual({ proof: 'signature', address: owner.address })
})

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(hex)
const anyTransaction = fc.record({
  to: address,
  value: fc.bigInt(0n, 2n ** 256n - 1n),
  data: fc.uint8Array({ maxLength: 100 }),
  operation: fc.constantFrom(0 as const, 1 as const),
  nonce: fc.bigInt(0n, 2n ** 64n),
})

const members = [
  'address to',
  'uint256 value',
  'bytes data',
  'uint8 operation',
  'uint256 safeTxGas',
  'uint256 baseGas',
  'uint256 gasPrice',
  'address gasToken',
  'address refundReceiver',
  'uint256 nonce',
].map((one) => ({ type: one.split(' ')[0] as string, name: one.split(' ')[1] as string }))

const zero = `0x${'0'.repeat(40)}` as const
const gas = { safeTxGas: 0n, baseGas: 0n, gasPrice: 0n, gasToken: zero, refundReceiver: zero }

test.each(['1.1.1', '1.2.0', '1.3.0', '1.5.0'] as const)('safeTxHash = viem.hashTypedData, version %s', (version) => {
  const hasChain = version >= '1.3.0'
  const law = fc.property(anyTransaction, address, fc.integer({ min: 1, max: 2 ** 31 }), (one, at, chainId) => {
    const expected = hashTypedData({
      types: { SafeTx: members },
      primaryType: 'SafeTx',
      domain: { ...(hasChain && { chainId }), verifyingContract: at },
      message: { ...gas, ...one, data: hex(one.data) },
    })
    return hex(safeTxHash({ address: at, chainId, version }, one)) === expected
  })
  fc.assert(law, { numRuns: tries(1_000) })
})

const abi = parseAbi([
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
])

test('execTransactionData = viem.encodeFunctionData, with the signatures sorted by owner', () => {
  const signature = fc.uint8Array({ minLength: 65, maxLength: 65 })
  const signatures = fc.uniqueArray(fc.record({ owner: address, signature }), {
    maxLength: 5,
    selector: (one) => one.owner,
  })
  const law = fc.property(anyTransaction, signatures, (one, given) => {
    const sorted = given.toSorted((a, b) => (BigInt(a.owner) < BigInt(b.owner) ? -1 : 1))
    const packed = hex(Buffer.concat(sorted.map(({ signature }) => signature)))
    const { to, value, data, operation } = one
    const args = [to, value, hex(data), operation, 0n, 0n, 0n, zero, zero, packed] as const
    return hex(execTransactionData(one, given)) === encodeFunctionData({ abi, args })
  })
  fc.assert(law, { numRuns: tries(1_000) })
  expect(packedSignatures([])).toHaveLength(0)
})

test('a signature over the message that eth_sign makes of the hash is read as Safe reads it: its last byte is 4 more', async () => {
  const hash = safeTxHash(safe, transaction)
  const signed = bytes(await owner.signMessage({ message: { raw: hash } }))
  signed[64] = (signed[64] as number) + 4
  expect(safeSigner(hash, signed)).toEqual({ proof: 'signature', address: owner.address })
})

test('a hash that the owner approved on the chain proves nothing without the chain', () => {
  const approved = Uint8Array.of(...new Uint8Array(12), ...bytes(owner.address), ...new Uint8Array(32), 1)
  expect(safeSigner(safeTxHash(safe, transaction), approved)).toEqual({
    proof: 'approved_hash',
    address: owner.address.toLowerCase(),
  })
})

test.each([
  ['empty', new Uint8Array(0)],
  ['too short', new Uint8Array(64)],
  ['too long', new Uint8Array(66).fill(27)],
  ['of a contract', new Uint8Array(65)],
  ['of zeros', Uint8Array.of(...new Uint8Array(64), 27)],
  ['of numbers that are too large', new Uint8Array(65).fill(255, 0, 64).fill(28, 64)],
  ['with another last byte', Uint8Array.of(...new Uint8Array(64).fill(1), 29)],
  ['of an approval with bytes before the address', Uint8Array.of(1, ...new Uint8Array(63), 1)],
])('a signature %s is none', (_, signature) => {
  expect(safeSigner(safeTxHash(safe, transaction), signature)).toBeNull()
})
