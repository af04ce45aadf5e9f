import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { keccak256, serializeTransaction, type TransactionSerializable } from 'viem'
import { expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import vectors from '../../../../testkit/src/vectors/evm.json' with { type: 'json' }
import { BadTransaction, nothingAsked } from '../family.ts'
import { hexBytes } from '../fields.ts'
import { evm } from './index.ts'

const bytes = (text: string) => hexBytes(text, 'test')
const networkOf = (chainId: number) => ({ name: 'test', isTestnet: true, chainId, decimals: 18 })
const ethereum = networkOf(1)

/** r ‖ s ‖ recovery bit, as a key store gives it. */
function sign(digest: Uint8Array, key: Uint8Array): Uint8Array {
  const signature = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  return Uint8Array.of(...signature.subarray(1), signature[0] as number)
}

test.each(vectors.addresses)('$address belongs to its public key, as viem says', ({ public_key, address }) => {
  expect(evm.address(bytes(public_key), ethereum)).toBe(address)
  expect(evm.canonical(address.toLowerCase(), ethereum)).toBe(address)
})

test.each(vectors.transactions)(
  '$tx_hash is signed as viem signs it',
  ({ private_key, request, signed_tx, tx_hash }) => {
    const { chain_id, to, value, ...fields } = request
    const key = bytes(private_key)
    const publicKey = secp256k1.getPublicKey(key, false)
    const network = networkOf(chain_id)
    const draft = evm.draft({ to, value: BigInt(value), fields }, network, evm.address(publicKey, network))
    const unsigned = evm.build(draft, nothingAsked, publicKey)
    const signed = evm.assemble(
      unsigned,
      unsigned.toSign.map((digest) => sign(digest, key)),
      publicKey,
    )
    expect(signed).toMatchObject({ text: signed_tx, id: tx_hash })
  },
)

const wei = fc.bigInt({ min: 0n, max: 2n ** 128n })
const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(hexText)
const address = hexOf(20).map((text) => text as `0x${string}`)
const accessList = fc.array(fc.record({ address, storageKeys: fc.array(hexOf(32), { maxLength: 3 }) }), {
  maxLength: 3,
})
const common = {
  chainId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  nonce: fc.integer({ min: 0, max: 2 ** 40 }),
  to: address,
  value: wei,
  gas: fc.bigInt({ min: 21_000n, max: 30_000_000n }),
  data: fc.uint8Array({ maxLength: 300 }).map(hexText),
}
const newer = fc.tuple(wei, wei).map(([tip, rest]) => ({ maxFeePerGas: tip + rest, maxPriorityFeePerGas: tip }))
const authorizationList = fc.array(
  fc.record({
    chainId: fc.integer({ min: 0, max: 1_000_000 }),
    address,
    nonce: fc.integer({ min: 0, max: 2 ** 40 }),
    yParity: fc.integer({ min: 0, max: 1 }),
    r: fc.bigInt({ min: 1n, max: 2n ** 255n }).map((number) => `0x${number.toString(16)}` as const),
    s: fc.bigInt({ min: 1n, max: 2n ** 255n }).map((number) => `0x${number.toString(16)}` as const),
  }),
  { minLength: 1, maxLength: 3 },
)
const blobs = fc.array(
  hexOf(31).map((text) => `0x01${text.slice(2)}`),
  { minLength: 1, maxLength: 4 },
)

const transactions = fc.oneof(
  fc.record({ type: fc.constant('legacy'), gasPrice: wei, ...common }),
  fc.record({ type: fc.constant('eip2930'), gasPrice: wei, accessList, ...common }),
  fc.tuple(fc.record({ type: fc.constant('eip1559'), accessList, ...common }), newer).map(joined),
  fc
    .tuple(
      fc.record({
        type: fc.constant('eip4844'),
        accessList,
        blobVersionedHashes: blobs,
        maxFeePerBlobGas: wei,
        ...common,
      }),
      newer,
    )
    .map(joined),
  fc.tuple(fc.record({ type: fc.constant('eip7702'), accessList, authorizationList, ...common }), newer).map(joined),
)

function joined([one, other]: readonly [object, object]): object {
  return { ...one, ...other }
}

const numbers = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702']

function requestOf(transaction: Readonly<Record<string, unknown>>) {
  const text = (name: string) => transaction[name]?.toString()
  return {
    to: transaction.to as string,
    value: transaction.value as bigint,
    fields: {
      tx_type: numbers.indexOf(transaction.type as string),
      nonce: transaction.nonce,
      data: transaction.data,
      gas_limit: text('gas'),
      gas_price: text('gasPrice'),
      max_fee_per_gas: text('maxFeePerGas'),
      max_priority_fee_per_gas: text('maxPriorityFeePerGas'),
      max_fee_per_blob_gas: text('maxFeePerBlobGas'),
      blob_versioned_hashes: transaction.blobVersionedHashes,
      access_list: transaction.accessList,
      authorization_list: transaction.authorizationList,
    },
  }
}

test('random transactions of every type are written as viem writes them', () => {
  const key = bytes(vectors.addresses[0]?.private_key ?? '')
  const publicKey = secp256k1.getPublicKey(key, false)
  const law = fc.property(transactions, (given) => {
    const transaction = given as Readonly<Record<string, unknown>>
    const network = networkOf(transaction.chainId as number)
    const draft = evm.draft(requestOf(transaction), network, evm.address(publicKey, network))
    const unsigned = evm.build(draft, nothingAsked, publicKey)
    const [digest = new Uint8Array(0)] = unsigned.toSign
    const unsignedText = serializeTransaction(transaction as TransactionSerializable)
    expect(hexText(digest)).toBe(keccak256(unsignedText))
    const signature = Uint8Array.from({ length: 65 }, (_, at) => (at === 64 ? 1 : at + 1))
    const signed = evm.assemble(unsigned, [signature], publicKey)
    const [r, s] = [hexText(signature.subarray(0, 32)), hexText(signature.subarray(32, 64))]
    const chain = BigInt(transaction.chainId as number)
    const parts = transaction.type === 'legacy' ? { r, s, v: chain * 2n + 36n } : { r, s, yParity: 1 }
    expect(signed.text).toBe(serializeTransaction(transaction as TransactionSerializable, parts as never))
  })
  fc.assert(law, { numRuns: tries(20_000) })
})

const key = bytes(vectors.addresses[1]?.private_key ?? '')
const publicKey = secp256k1.getPublicKey(key, false)
const from = evm.address(publicKey, ethereum)
const to = vectors.addresses[2]?.address ?? ''
const draftWith = (fields: Readonly<Record<string, unknown>>, value = 1n) =>
  evm.draft({ to, value, fields }, ethereum, from)
const fees = { max_fee_per_gas: '30', max_priority_fee_per_gas: '1' }

test('the two transactions of the contract (web3.md 24.1)', () => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => at + 1)
  const publicKey = secp256k1.getPublicKey(key, false)
  const sender = evm.address(publicKey, ethereum)
  expect(sender).toBe('0x6370eF2f4Db3611D657b90667De398a2Cc2a370C')
  const signed = (fields: Readonly<Record<string, unknown>>) => {
    const request = {
      to: '0x000000000000000000000000000000000000dEaD',
      value: 10n ** 16n,
      fields: { nonce: 0, ...fields },
    }
    const unsigned = evm.build(evm.draft(request, ethereum, sender), nothingAsked, publicKey)
    return evm.assemble(
      unsigned,
      unsigned.toSign.map((digest) => sign(digest, key)),
      publicKey,
    ).text
  }
  expect(signed({ max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1000000000' })).toBe(
    '0x02f8720180843b9aca008506fc23ac0082520894000000000000000000000000000000000000dead872386f26fc1000080c080a034a16ababeaed5d8600be144da75c57d70025a90978cbc81f4152a2e62082a7ca0737af4420497462d8ba18d85849c7565aed62c820e7bd69ce8d2844b2dbbe32b',
  )
  expect(signed({ gas_price: '20000000000' })).toBe(
    '0xf86b808504a817c80082520894000000000000000000000000000000000000dead872386f26fc100008025a06c4dddb66d7bc4be02e066cbf24f9b89be2b1b983fcc3b9c6dd24dce2be3fd08a05c1e5c31413762e7da78240efc624941fb8ec33296cdde3b711d0eb506722d4c',
  )
})

test('a transaction names its chain, so its signature is for no other (I12)', () => {
  const noNumber = { ...ethereum, chainId: null }
  const draft = evm.draft({ to, value: 1n, fields: { nonce: 0, gas_price: '1' } }, noNumber, from)
  expect(() => evm.build(draft, nothingAsked, publicKey)).toThrow(BadTransaction)
  const digests = [1, 56].map((chainId) => {
    const there = evm.draft({ to, value: 1n, fields: { nonce: 0, gas_price: '1' } }, networkOf(chainId), from)
    return hexText(evm.build(there, nothingAsked, publicKey).toSign[0] ?? new Uint8Array(0))
  })
  expect(new Set(digests).size).toBe(2)
})

test.each([
  ['to', { to: null }],
  ['to', { to: '0x12' }],
  ['to', { to: `${to.slice(0, -1)}${to.endsWith('f') ? 'e' : 'f'}` }],
  ['data', { fields: { data: '0x1' } }],
  ['data', { fields: { data: 'zz' } }],
  ['nonce', { fields: { nonce: -1 } }],
  ['nonce', { fields: { nonce: '18446744073709551615' } }],
  ['gas_price', { fields: { gas_price: '1', ...fees } }],
  ['gas_price', { fields: { gas_price: '1.5' } }],
  ['gas_price', { fields: { tx_type: 2, gas_price: '1' } }],
  ['max_fee_per_gas', { fields: { tx_type: 0, ...fees } }],
  ['max_priority_fee_per_gas', { fields: { max_fee_per_gas: '1', max_priority_fee_per_gas: '2' } }],
  ['tx_type', { fields: { tx_type: 5 } }],
  ['access_list', { fields: { tx_type: 0, access_list: [{ address: to, storage_keys: [] }] } }],
  ['access_list', { fields: { access_list: [{ address: to, storage_keys: ['0x01'] }] } }],
  ['blob_versioned_hashes', { fields: { tx_type: 3, ...fees, max_fee_per_blob_gas: '1' } }],
  [
    'blob_versioned_hashes',
    { fields: { tx_type: 3, ...fees, max_fee_per_blob_gas: '1', blob_versioned_hashes: [`0x02${'00'.repeat(31)}`] } },
  ],
  ['authorization_list', { fields: { tx_type: 4, ...fees } }],
  [
    'authorization_list',
    { fields: { tx_type: 4, ...fees, authorization_list: [{ chain_id: 1, address: to, nonce: 0 }] } },
  ],
  [
    'authorization_list',
    {
      fields: {
        tx_type: 2,
        ...fees,
        authorization_list: [{ chain_id: 1, address: to, nonce: 0, y_parity: 0, r: '0x1', s: '0x1' }],
      },
    },
  ],
  ['raw_transaction', { fields: { raw_transaction: 'AAAA' } }],
  ['data', { fields: { token_mint: to, data: '0x01' } }],
] as const)('a transaction with a bad %s is refused by this name: %j', (field, request) => {
  const given = { to, value: 1n, fields: {}, ...request }
  expect(() => evm.draft(given, ethereum, from)).toThrow(expect.objectContaining({ name: 'BadTransaction', field }))
})

test.each([
  ['nonce', { ...fees }],
  ['max_fee_per_gas', { nonce: 0 }],
  ['gas_limit', { nonce: 0, ...fees, data: '0x01' }],
] as const)('without a node, %s must be in the request: it is never guessed', (field, fields) => {
  const draft = draftWith(fields)
  expect(() => evm.build(draft, nothingAsked, publicKey)).toThrow(expect.objectContaining({ field }))
})

test('what the request leaves open, the chain decides: nonce, fees, gas, and the type', () => {
  const known = { ...nothingAsked, account: { model: 'counter', next: 7n }, fuel: 50_000n } as const
  const withBase = { ...known, fees: { model: 'gas', base: 10n, priority: 2n } } as const
  expect(evm.build(draftWith({ data: '0x01' }), withBase, publicKey).transaction).toMatchObject({
    ...{ type: 2, nonce: 7n, gasLimit: 60_000n, maxFee: 22n, priorityFee: 2n, gasPrice: null },
  })
  const without = { ...known, fees: { model: 'gas', base: null, priority: 5n } } as const
  expect(evm.build(draftWith({}), without, publicKey).transaction).toMatchObject({
    type: 0,
    gasPrice: 5n,
    gasLimit: 21_000n,
  })
})

test('a node that asks for absurd fees gets no transaction, unless the caller names them', () => {
  const account = { model: 'counter', next: 0n } as const
  const absurd = { ...nothingAsked, account, fees: { model: 'gas', base: 10n ** 15n, priority: 0n } } as const
  expect(() => evm.build(draftWith({}), absurd, publicKey)).toThrow(
    expect.objectContaining({ field: 'max_fee_per_gas' }),
  )
  const named = draftWith({ max_fee_per_gas: `${10n ** 15n}` })
  expect(evm.build(named, absurd, publicKey).effects.overhead).toBe(21_000n * 10n ** 15n)
})

function hexText(given: Uint8Array): `0x${string}` {
  return `0x${Buffer.from(given).toString('hex')}`
}
