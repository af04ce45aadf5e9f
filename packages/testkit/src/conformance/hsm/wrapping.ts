import { concat, hex, utf8 } from '@pawl/core/ports'
import fc from 'fast-check'
import { check, rejects, sameBytes } from '../asserts.ts'
import { type AnyHsm, type Case, fails, key, otherKey, plaintext, purpose } from './words.ts'

export const wrapping: readonly Case[] = [
  [
    'wraps from nothing to 4 KiB, whatever the associated data: unwrap(wrap(x, a), a) ≡ x',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      for (const length of [0, 1, 15, 16, 17, 32, 33, 4095, 4096]) await comesBack(hsm, filled(length), purpose)
      for (const length of [0, 1, 64, 1000]) await comesBack(hsm, plaintext, filled(length))
      const bytes = fc.uint8Array({ maxLength: 100 })
      const property = fc.asyncProperty(bytes, bytes, (text, associated) => comesBack(hsm, text, associated))
      await fc.assert(property, { numRuns: 30 })
    },
  ],

  [
    'refuses to wrap more than 4 KiB',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      for (const length of [4097, 70_000])
        await rejects(() => hsm.wrap(key, filled(length), purpose), `${length} bytes`)
    },
  ],

  [
    'wraps the same differently every time, and shows nothing of it',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const seen = new Set<string>()
      for (let round = 0; round < 100; round++) {
        const wrapped = hex(await hsm.wrap(key, plaintext, purpose))
        check(!wrapped.includes(hex(plaintext.subarray(0, 8))), 'the plaintext stands in the wrapped bytes')
        seen.add(wrapped)
      }
      check(seen.size === 100, `of 100 wraps only ${seen.size} were different`)
    },
  ],

  [
    'unwraps nothing that was bound to other associated data: not_authentic',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      const others: Uint8Array[] = [
        utf8(''),
        purpose.subarray(1),
        purpose.subarray(0, -1),
        concat(purpose, Uint8Array.of(0)),
      ]
      for (let at = 0; at < purpose.length; at++) others.push(flipped(purpose, at * 8))
      for (const other of others) {
        await fails('not_authentic', () => hsm.unwrap(key, wrapped, other), `opened with ${hex(other)}`)
      }
      const unbound = await hsm.wrap(key, plaintext, utf8(''))
      await fails('not_authentic', () => hsm.unwrap(key, unbound, purpose), 'opened what was bound to nothing')
    },
  ],

  [
    'unwraps nothing that another key wrapped: not_authentic',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      await hsm.createKey(otherKey, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      await fails('not_authentic', () => hsm.unwrap(otherKey, wrapped, purpose), 'opened by another key')
    },
  ],

  [
    'unwraps nothing after any single bit was flipped: not_authentic',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      for (let bit = 0; bit < wrapped.length * 8; bit++) {
        await fails('not_authentic', () => hsm.unwrap(key, flipped(wrapped, bit), purpose), `opened with bit ${bit}`)
      }
    },
  ],

  [
    'unwraps nothing that was cut, made longer or made up: not_authentic',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      const wrong: Uint8Array[] = [
        concat(wrapped, Uint8Array.of(0)),
        concat(wrapped, wrapped),
        filled(61),
        filled(1),
        utf8(''),
      ]
      for (let length = 0; length < wrapped.length; length++)
        wrong.push(wrapped.slice(0, length), wrapped.slice(-length))
      for (const one of wrong.filter((bytes) => hex(bytes) !== hex(wrapped))) {
        await fails('not_authentic', () => hsm.unwrap(key, one, purpose), `opened ${one.length} bytes`)
      }
    },
  ],

  ['takes bytes only, never a text, a list or a number', takesBytesOnly],
  ['leaves its arguments alone, and gives bytes that the caller may wipe', ownsItsBytes],

  [
    'wraps and unwraps many at once',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const texts = Array.from({ length: 50 }, (_, at) => filled(at))
      await Promise.all(texts.map((text) => comesBack(hsm, text, text)))
    },
  ],
]

async function takesBytesOnly(hsm: AnyHsm): Promise<void> {
  await hsm.createKey(key, 'aes-256')
  const wrapped = await hsm.wrap(key, plaintext, purpose)
  for (const value of ['text', [1, 2, 3], 7, null, undefined, { length: 3 }, new ArrayBuffer(3)]) {
    const wrong = value as Uint8Array
    const what = `where bytes are due, a ${typeof value}`
    await rejects(() => hsm.wrap(key, wrong, purpose), `wrap ${what}`)
    await rejects(() => hsm.wrap(key, plaintext, wrong), `wrap for ${what}`)
    await rejects(() => hsm.unwrap(key, wrong, purpose), `unwrap ${what}`)
    await rejects(() => hsm.unwrap(key, wrapped, wrong), `unwrap for ${what}`)
  }
}

async function ownsItsBytes(hsm: AnyHsm): Promise<void> {
  await hsm.createKey(key, 'aes-256')
  const [text, associated] = [plaintext.slice(), purpose.slice()]
  const wrapped = await hsm.wrap(key, text, associated)
  sameBytes(text, plaintext, 'the plaintext after wrapping')
  sameBytes(associated, purpose, 'the associated data after wrapping')
  text.fill(0)
  const before = hex(wrapped)
  const first = await hsm.unwrap(key, wrapped, purpose)
  check(hex(wrapped) === before, 'unwrapping changed what was wrapped')
  first.fill(0)
  sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'unwrapped again after the first was wiped')
}

async function comesBack(hsm: AnyHsm, text: Uint8Array, associated: Uint8Array): Promise<void> {
  const wrapped = await hsm.wrap(key, text, associated)
  sameBytes(await hsm.unwrap(key, wrapped, associated), text, `${text.length} bytes`)
}

function filled(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at % 251)
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}
