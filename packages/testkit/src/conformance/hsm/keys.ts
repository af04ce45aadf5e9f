import { HsmError, hex } from '@pawl/core/ports'
import { check, sameBytes } from '../asserts.ts'
import { type Case, fails, key, otherKey, outcomes, plaintext, purpose, uses } from './words.ts'

export const creating: readonly Case[] = [
  [
    'has a short name, and says that its keys can be used',
    async (hsm) => {
      check(/^[a-z][a-z0-9-]{1,19}$/.test(hsm.provider), `${hsm.provider} is not a short name`)
      check((await hsm.status()) === 'ok', 'a new HSM is not ok')
    },
  ],

  [
    'has no key that was not made: key_missing, and none is made by asking',
    async (hsm) => {
      for (let round = 0; round < 2; round++) {
        for (const [what, use] of uses(hsm, key)) await fails('key_missing', use, what)
      }
    },
  ],

  [
    'keeps a key when it is created again',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      await hsm.createKey(key, 'aes-256')
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'what was wrapped before')
    },
  ],

  [
    'refuses to create a key of another type under a URI: wrong_type, and the key stays',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      for (const type of ['ed25519', 'p-256', 'secp256k1'] as const) {
        await fails('wrong_type', () => hsm.createKey(key, type), `creating ${type} over aes-256`)
      }
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'what was wrapped before')
    },
  ],

  [
    'signs nothing with a wrapping key: wrong_type',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      await fails('wrong_type', () => hsm.publicKey(key), 'publicKey of aes-256')
      await fails('wrong_type', () => hsm.sign(key, plaintext), 'sign with aes-256')
    },
  ],

  [
    'takes URIs as they are: case, dots and endings matter',
    async (hsm) => {
      const uris = ['pawl:a', 'pawl:A', 'pawl:a/', 'pawl:a/b', 'pawl:a%2fb', 'pawl:a/../a', 'pawl:a;type=x']
      for (const uri of uris) await hsm.createKey(uri, 'aes-256')
      for (const uri of uris) {
        const wrapped = await hsm.wrap(uri, plaintext, purpose)
        for (const other of uris) {
          if (other === uri) sameBytes(await hsm.unwrap(other, wrapped, purpose), plaintext, other)
          else await fails('not_authentic', () => hsm.unwrap(other, wrapped, purpose), `${other} for ${uri}`)
        }
      }
    },
  ],

  [
    'makes one key when many create the same at once',
    async (hsm) => {
      const create = async () => {
        await hsm.createKey(key, 'aes-256')
        return hsm.wrap(key, plaintext, purpose)
      }
      const wrapped = await Promise.all(Array.from({ length: 20 }, create))
      for (const one of wrapped) sameBytes(await hsm.unwrap(key, one, purpose), plaintext, 'a wrap by one of many')
    },
  ],

  ['makes many keys at once, each its own', manyAtOnce],
]

async function manyAtOnce(hsm: Parameters<Case[1]>[0]): Promise<void> {
  const uris = Array.from({ length: 30 }, (_, at) => `pawl:many/${at}`)
  await Promise.all(uris.map((uri) => hsm.createKey(uri, 'aes-256')))
  const wrapped = await Promise.all(uris.map((uri) => hsm.wrap(uri, plaintext, purpose)))
  for (const [at, uri] of uris.entries()) {
    sameBytes(await hsm.unwrap(uri, wrapped[at] as Uint8Array, purpose), plaintext, uri)
    const neighbour = wrapped[(at + 1) % uris.length] as Uint8Array
    await fails('not_authentic', () => hsm.unwrap(uri, neighbour, purpose), `${uri} opened the wrap of another`)
  }
}

export const destroying: readonly Case[] = [
  [
    'destroys a key: key_missing from then on, and again is fine',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      await hsm.destroyKey(key)
      for (const [what, use] of uses(hsm, key)) await fails('key_missing', use, `${what} after destroyKey`)
      await hsm.destroyKey(key)
      await hsm.destroyKey('pawl:never')
    },
  ],

  [
    'destroys no other key',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      await hsm.createKey(otherKey, 'aes-256')
      const wrapped = await hsm.wrap(otherKey, plaintext, purpose)
      await hsm.destroyKey(key)
      sameBytes(await hsm.unwrap(otherKey, wrapped, purpose), plaintext, 'the wrap of the other key')
    },
  ],

  [
    'makes a new key under the URI of a destroyed one, of any type, which opens nothing of the old',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      await hsm.destroyKey(key)
      await hsm.createKey(key, 'aes-256')
      await fails('not_authentic', () => hsm.unwrap(key, wrapped, purpose), 'the new key for the old wrap')
      const anew = await hsm.wrap(key, plaintext, purpose)
      check(hex(anew) !== hex(wrapped), 'the new key wraps as the old')
      sameBytes(await hsm.unwrap(key, anew, purpose), plaintext, 'the new wrap')
    },
  ],

  [
    'is either there or not when it is created, used and destroyed at once',
    async (hsm) => {
      await hsm.createKey(key, 'aes-256')
      const calls = Array.from({ length: 12 }, (_, at) =>
        at % 3 === 0
          ? hsm.destroyKey(key)
          : at % 3 === 1
            ? hsm.createKey(key, 'aes-256')
            : hsm.wrap(key, plaintext, purpose).then(() => {}),
      )
      for (const result of await outcomes(calls)) {
        if (result.status === 'fulfilled') continue
        check(result.reason instanceof HsmError && result.reason.failure === 'key_missing', `got ${result.reason}`)
      }
      await hsm.createKey(key, 'aes-256')
      const wrapped = await hsm.wrap(key, plaintext, purpose)
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'a wrap afterwards')
    },
  ],
]
