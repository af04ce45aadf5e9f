import { HsmError, hex, utf8 } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'
import { check, rejects, sameBytes } from '../asserts.ts'
import { curves, pointOf, verifies } from './ecdsa.ts'
import {
  type AnyHsm,
  type Case,
  fails,
  key,
  otherKey,
  outcomes,
  plaintext,
  purpose,
  reopened,
  secretsOf,
  uses,
} from './words.ts'

type Opened = Parameters<Case[1]>[1]

export const durable: readonly Case[] = [
  [
    'has its keys again after it was closed and opened',
    async (hsm, opened) => {
      const wrapped = await firstWrap(hsm)
      await hsm.createKey('pawl:signer', 'p-256')
      const publicKey = await hsm.publicKey('pawl:signer')
      const anew = await reopened(opened)
      sameBytes(await anew.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
      sameBytes(await anew.publicKey('pawl:signer'), publicKey, 'the public key')
      await fails('wrong_type', () => anew.createKey(key, 'p-256'), 'another type over a key from before')
      await anew.createKey(key, 'aes-256')
      sameBytes(await anew.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before, after creating again')
      await anew.close()
    },
  ],

  [
    'has no destroyed key again after it was closed and opened',
    async (hsm, opened) => {
      const wrapped = await firstWrap(hsm)
      await hsm.createKey(otherKey, 'aes-256')
      await hsm.destroyKey(key)
      const anew = await reopened(opened)
      await fails('key_missing', () => anew.unwrap(key, wrapped, purpose), 'a key that was destroyed')
      await anew.wrap(otherKey, plaintext, purpose)
      await anew.close()
    },
  ],

  [
    'has every key again that was created among others, before and after one was destroyed',
    async (hsm, opened) => {
      const uris = Array.from({ length: 12 }, (_, at) => `pawl:many/${at}`)
      await Promise.all(uris.slice(0, 6).map((uri) => hsm.createKey(uri, 'aes-256')))
      await hsm.destroyKey('pawl:many/3')
      await Promise.all(uris.slice(6).map((uri) => hsm.createKey(uri, 'aes-256')))
      const anew = await reopened(opened)
      for (const uri of uris) {
        if (uri === 'pawl:many/3') await fails('key_missing', () => anew.wrap(uri, plaintext, purpose), uri)
        else await anew.wrap(uri, plaintext, purpose)
      }
      await anew.close()
    },
  ],
]

export const digestSigning: readonly Case[] = [
  [
    'signs digests with secp256k1 keys as they are, with a low s, as another implementation verifies',
    async (hsm) => {
      await hsm.createKey(key, 'secp256k1')
      const point = pointOf(curves.secp256k1, await hsm.publicKey(key))
      // One s in two is high by chance, so this many signatures tell.
      for (let round = 0; round < 24; round++) {
        const digest = nobleCrypto.sha256(utf8(`digest ${round}`))
        const signature = (await hsm.signDigest?.(key, digest)) ?? new Uint8Array(0)
        const isRight = point !== null && verifies(curves.secp256k1, point, digest, signature)
        check(isRight, `${hex(signature)} does not sign the digest`)
      }
    },
  ],

  [
    'signs no digest that is not 32 bytes, and none with a key of another type',
    async (hsm) => {
      await hsm.createKey(key, 'secp256k1')
      const digest = new Uint8Array(32).fill(1)
      const wrong: readonly unknown[] = [
        digest.subarray(1),
        utf8('text'),
        'x'.repeat(32),
        [...digest],
        null,
        digest.buffer,
      ]
      for (const one of wrong) {
        await rejects(async () => hsm.signDigest?.(key, one as Uint8Array), `signing ${typeof one} as a digest`)
      }
      await hsm.createKey(otherKey, 'ed25519')
      await fails('wrong_type', async () => hsm.signDigest?.(otherKey, digest), 'a digest with an ed25519 key')
      await fails('key_missing', async () => hsm.signDigest?.('pawl:never', digest), 'a digest with no key')
    },
  ],
]

export const sealable: readonly Case[] = [
  [
    'is sealed: it says so, and nothing can be done with its keys',
    async (hsm) => {
      const wrapped = await firstWrap(hsm)
      await hsm.seal?.()
      check((await hsm.status()) === 'sealed', 'a sealed HSM does not say so')
      for (const uri of [key, 'pawl:never']) {
        for (const [what, use] of uses(hsm, uri)) await fails('sealed', use, `${what} while sealed`)
        await fails('sealed', () => hsm.createKey(uri, 'aes-256'), 'createKey while sealed')
        await fails('sealed', () => hsm.destroyKey(uri), 'destroyKey while sealed')
      }
      await fails('sealed', () => hsm.unwrap(key, wrapped, purpose), 'unwrap while sealed')
      await hsm.seal?.()
      check((await hsm.status()) === 'sealed', 'sealing twice opened it')
    },
  ],

  [
    'comes back with the secret, and with no other: not_authentic',
    async (hsm, opened) => {
      const [now, next] = secretsOf(opened)
      const wrapped = await firstWrap(hsm)
      await hsm.seal?.()
      for (const wrong of [next, utf8(''), now.subarray(1), utf8('wrong')]) {
        await fails('not_authentic', async () => hsm.unseal?.(wrong), 'unsealing with a wrong secret')
        check((await hsm.status()) === 'sealed', 'a wrong secret unsealed it')
        await fails('sealed', () => hsm.unwrap(key, wrapped, purpose), 'unwrap after a wrong secret')
      }
      await hsm.unseal?.(now)
      check((await hsm.status()) === 'ok', 'unsealing did not bring it back')
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
      await hsm.createKey(otherKey, 'aes-256')
      await hsm.destroyKey(key)
    },
  ],

  [
    'takes the secret and refuses another while it is not sealed',
    async (hsm, opened) => {
      const [now, next] = secretsOf(opened)
      const wrapped = await firstWrap(hsm)
      await hsm.unseal?.(now)
      await fails('not_authentic', async () => hsm.unseal?.(next), 'a wrong secret while usable')
      check((await hsm.status()) === 'ok', 'a wrong secret sealed it')
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
    },
  ],

  ['wraps under the true key or not at all while it is being sealed', sealedInTheMiddle],
]

/** A key that is wiped while it is in use would wrap under zeros. The error would appear only when it is too late. */
async function sealedInTheMiddle(hsm: AnyHsm, opened: Opened): Promise<void> {
  const [now] = secretsOf(opened)
  await hsm.createKey(key, 'aes-256')
  const wraps: Promise<Uint8Array>[] = []
  for (let at = 0; at < 30; at++) {
    wraps.push(hsm.wrap(key, plaintext, purpose))
    if (at % 10 === 5) wraps.push((async () => hsm.seal?.())().then(() => new Uint8Array(0)))
    if (at % 10 === 7) wraps.push((async () => hsm.unseal?.(now))().then(() => new Uint8Array(0)))
  }
  const results = await outcomes(wraps)
  await hsm.unseal?.(now)
  for (const result of results) {
    if (result.status === 'rejected') {
      check(result.reason instanceof HsmError && result.reason.failure === 'sealed', `got ${result.reason}`)
    } else if (result.value.length > 0) {
      sameBytes(await hsm.unwrap(key, result.value, purpose), plaintext, 'a wrap made while it was being sealed')
    }
  }
}

export const rotatingRoot: readonly Case[] = [
  [
    'keeps its keys when the root is rotated, also after it was closed and opened',
    async (hsm, opened) => {
      const [, next] = secretsOf(opened)
      const wrapped = await firstWrap(hsm)
      await hsm.rotateRoot?.(next)
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
      await hsm.createKey(otherKey, 'aes-256')
      if (!opened.again) return
      const anew = await reopened(opened, next)
      sameBytes(await anew.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before, after opening')
      await anew.wrap(otherKey, plaintext, purpose)
      await anew.close()
    },
  ],

  [
    'is unsealed by the new secret only, once the root was rotated',
    async (hsm, opened) => {
      if (!hsm.seal) return
      const [now, next] = secretsOf(opened)
      const wrapped = await firstWrap(hsm)
      await hsm.rotateRoot?.(next)
      await hsm.seal()
      await fails('not_authentic', async () => hsm.unseal?.(now), 'the old secret')
      await fails('sealed', async () => hsm.rotateRoot?.(now), 'rotating while sealed')
      await hsm.unseal?.(next)
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
    },
  ],

  [
    'refuses an empty secret for a root, and nothing changes then',
    async (hsm, opened) => {
      const [now] = secretsOf(opened)
      const wrapped = await firstWrap(hsm)
      await rejects(async () => hsm.rotateRoot?.(utf8('')), 'rotating to an empty secret')
      await hsm.seal?.()
      await hsm.unseal?.(now)
      sameBytes(await hsm.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
    },
  ],

  [
    'loses no key that is created while the root is rotated',
    async (hsm, opened) => {
      const [now, next] = secretsOf(opened)
      const uris = Array.from({ length: 12 }, (_, at) => `pawl:many/${at}`)
      const calls = uris.map((uri) => hsm.createKey(uri, 'aes-256'))
      const rotations = [hsm.rotateRoot?.(next), hsm.rotateRoot?.(now)]
      const more = uris.map((uri) => hsm.createKey(`${uri}/more`, 'aes-256'))
      await Promise.all([...calls, ...rotations, ...more])
      const anew = opened.again ? await reopened(opened, now) : hsm
      for (const uri of uris)
        await Promise.all([anew.wrap(uri, plaintext, purpose), anew.wrap(`${uri}/more`, plaintext, purpose)])
      await anew.close()
    },
  ],
]

export const portable: readonly Case[] = [
  [
    'gives an image of its keys, with which they are somewhere else too',
    async (hsm, opened) => {
      const wrapped = await firstWrap(hsm)
      await hsm.createKey('pawl:signer', 'ed25519')
      await hsm.createKey(otherKey, 'aes-256')
      await hsm.destroyKey(otherKey)
      const moved = await placedElsewhere(opened, await hsm.image?.())
      sameBytes(await moved.unwrap(key, wrapped, purpose), plaintext, 'a wrap from before')
      sameBytes(await moved.publicKey('pawl:signer'), await hsm.publicKey('pawl:signer'), 'the public key')
      await fails('key_missing', () => moved.wrap(otherKey, plaintext, purpose), 'a key that was destroyed')
      await moved.createKey(otherKey, 'aes-256')
      await fails('key_missing', () => hsm.wrap(otherKey, plaintext, purpose), 'a key that was made elsewhere')
      await moved.close()
    },
  ],

  [
    'gives an image that is of no use without the secret',
    async (hsm, opened) => {
      const wrapped = await firstWrap(hsm)
      const image = await hsm.image?.()
      await rejects(async () => {
        const moved = await placedElsewhere(opened, image, secretsOf(opened)[1])
        try {
          await moved.unwrap(key, wrapped, purpose)
        } finally {
          await moved.close()
        }
      }, 'an image under another secret')
    },
  ],

  [
    'gives an image that has every key whose making was answered, however busy it is',
    async (hsm, opened) => {
      const uris = Array.from({ length: 12 }, (_, at) => `pawl:many/${at}`)
      const more = Promise.all(uris.map((uri) => hsm.createKey(`${uri}/more`, 'aes-256')))
      for (const uri of uris) await hsm.createKey(uri, 'aes-256')
      const later = Promise.all(uris.map((uri) => hsm.createKey(`${uri}/later`, 'aes-256')))
      const moved = await placedElsewhere(opened, await hsm.image?.())
      await Promise.all([more, later])
      for (const uri of uris) await moved.wrap(uri, plaintext, purpose)
      await moved.close()
    },
  ],
]

async function placedElsewhere({ elsewhere }: Opened, image: Uint8Array | undefined, secret?: Uint8Array) {
  check(elsewhere !== undefined && image !== undefined, 'there is no way to place an image somewhere else')
  return elsewhere(image, secret)
}

async function firstWrap(hsm: AnyHsm): Promise<Uint8Array> {
  await hsm.createKey(key, 'aes-256')
  return hsm.wrap(key, plaintext, purpose)
}
