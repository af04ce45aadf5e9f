import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { hashMessage, hashTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { BadTransaction } from '../family.ts'
import { messageBytes, personalDigest, readTypedData, typesWithin, walletSignature } from './index.ts'

const key = Uint8Array.from({ length: 32 }, (_, at) => at + 1)
const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`

function sign(digest: Uint8Array): string {
  const signature = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  return hex(walletSignature(Uint8Array.of(...signature.subarray(1), signature[0] as number)))
}

test('a message is signed as in the contract, whether it comes as text or as bytes (web3.md 24.1)', () => {
  const expected =
    '0x318e13b709288a28902b18a4bccde8fdf49df7625c5e64148a0a3f2307f4979379b52be23d1ee5962b18d678365ddbf51dd6febfeea05c56642da825448812421b'
  for (const message of ['0x48656c6c6f', '48656c6c6f', 'Hello'])
    expect(sign(personalDigest(messageBytes(message)))).toBe(expected)
})

test('personalDigest(bytes) = viem.hashMessage(bytes)', () => {
  const law = fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => hex(personalDigest(raw)) === hashMessage({ raw }))
  fc.assert(law, { numRuns: tries(5_000) })
})

const permit = {
  types: {
    Permit: [
      { name: 'owner', type: 'address' },
      { name: 'spender', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'nonce', type: 'uint256' },
      { name: 'deadline', type: 'uint256' },
    ],
  },
  primaryType: 'Permit',
  domain: {
    name: 'USD Coin',
    version: '2',
    chainId: 1,
    verifyingContract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  },
  message: {
    owner: '0x6370eF2f4Db3611D657b90667De398a2Cc2a370C',
    spender: '0x000000000000000000000000000000000000dEaD',
    value: '1000000',
    nonce: '0',
    deadline: '1735689600',
  },
} as const

const domainType = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const

test('a Permit is signed as in the contract, with and without EIP712Domain (web3.md 24.1)', () => {
  for (const types of [permit.types, { EIP712Domain: domainType, ...permit.types }]) {
    const { digest } = readTypedData({ ...permit, types })
    expect(hex(digest)).toBe('0xe46c6149a3dfcc2074d767f2dd6c9fc88eb8664752cfb9f5971ead4397ca5c86')
    expect(sign(digest)).toBe(
      '0xadb6368dd13cc3d6a4edcd16a6f35b43066924ff8faa88ea21ec9a435433d5d14d861d5962435019e1e0ddefbf324539cb4507993f6b0068201e1b54f406f4ea1c',
    )
  }
})

test('a document says which types it consists of, so that a Permit inside of another type is found', () => {
  const types = { ...permit.types, Order: [{ name: 'permits', type: 'Permit[]' }] }
  const read = readTypedData({ ...permit, types, primaryType: 'Order', message: { permits: [] } })
  expect(typesWithin(read.types, 'Order')).toEqual(['Order', 'Permit'])
})

const atomic = fc.oneof(
  fc.record({ type: fc.constant('string'), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ type: fc.constant('bool'), value: fc.boolean() }),
  fc.record({ type: fc.constant('bytes'), value: fc.uint8Array({ maxLength: 40 }).map(hex) }),
  fc.record({ type: fc.constant('address'), value: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(hex) }),
  fc.record({ type: fc.constant('bytes4'), value: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(hex) }),
  fc.record({ type: fc.constant('uint96'), value: fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }).map(String) }),
  fc.record({
    type: fc.constant('int128'),
    value: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map(String),
  }),
)
const member = fc.tuple(atomic, fc.constantFrom('one', 'list', 'inner', 'inners'))

test('random documents are hashed as viem hashes them', () => {
  const law = fc.property(fc.array(member, { minLength: 1, maxLength: 6 }), (members) => {
    const inner = [
      { name: 'x', type: 'uint8' },
      { name: 'y', type: 'string' },
    ]
    const filled = { x: 7, y: 'seven' }
    const shapes = {
      one: ['', (v: unknown) => v],
      list: ['[]', (v: unknown) => [v, v]],
      inner: ['Inner', () => filled],
      inners: ['Inner[2]', () => [filled, filled]],
    } as const
    const fields = members.map(([{ type }, shape], at) => {
      const [text] = shapes[shape]
      return { name: `m${at}`, type: text.startsWith('Inner') ? text : `${type}${text}` }
    })
    const message = Object.fromEntries(members.map(([{ value }, shape], at) => [`m${at}`, shapes[shape][1](value)]))
    const document = { types: { Outer: fields, Inner: inner }, primaryType: 'Outer', domain: permit.domain, message }
    const types = { EIP712Domain: domainType, ...document.types }
    expect(hex(readTypedData(document).digest)).toBe(hashTypedData({ ...document, types } as never))
  })
  fc.assert(law, { numRuns: tries(10_000) })
})

test.each([
  ['is no object', null],
  ['has no types', { ...permit, types: undefined }],
  ['has a primary type that is not there', { ...permit, primaryType: 'Mail' }],
  ['lacks a member', { ...permit, message: { ...permit.message, value: undefined } }],
  ['has a member too much', { ...permit, message: { ...permit.message, more: '1' } }],
  [
    'has a domain whose contract is not signed',
    { ...permit, types: { ...permit.types, EIP712Domain: [{ name: 'name', type: 'string' }] } },
  ],
  ['has a number that does not fit', { ...permit, message: { ...permit.message, value: `${2n ** 256n}` } }],
  ['has a negative number', { ...permit, message: { ...permit.message, value: '-1' } }],
  ['has a fraction', { ...permit, message: { ...permit.message, value: 1.5 } }],
  ['has an unknown type', { ...permit, types: { Permit: [{ name: 'owner', type: 'Owner' }] } }],
  ['has a strange width', { ...permit, types: { Permit: [{ name: 'owner', type: 'uint7' }] } }],
  [
    'names a type of JavaScript',
    { types: { A: [{ name: 'x', type: 'constructor' }] }, primaryType: 'A', domain: {}, message: { x: {} } },
  ],
  ['is without end', { types: { A: [{ name: 'a', type: 'A[]' }] }, primaryType: 'A', domain: {}, message: endless() }],
])('typed data that %s is refused', (_, document) => {
  expect(() => readTypedData(document)).toThrow(BadTransaction)
})

function endless(): unknown {
  const one: { a: unknown[] } = { a: [] }
  one.a.push(one)
  return one
}

test('S12: the account of viem signs the same', async () => {
  const account = privateKeyToAccount(hex(key))
  const types = { EIP712Domain: domainType, ...permit.types }
  expect(await account.signTypedData({ ...permit, types } as never)).toBe(sign(readTypedData(permit).digest))
})
