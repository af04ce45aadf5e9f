import { HsmError, hex, type KeyType, utf8 } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'
import { check, rejects, sameBytes } from '../asserts.ts'
import { curves, hasLowS, pointOf, verifies } from './ecdsa.ts'
import { type AnyHsm, type Case, fails, key, otherKey, outcomes, plaintext, purpose } from './words.ts'

export type SigningType = Exclude<KeyType, 'aes-256'>

export const signingTypes: readonly SigningType[] = ['ed25519', 'p-256', 'secp256k1']

export function signing(type: SigningType): readonly Case[] {
  const titled: readonly (readonly [string, (hsm: AnyHsm, type: SigningType) => Promise<void>])[] = [
    ['have a raw public key that stays the same', hasPublicKey],
    ['sign messages of any length, as another implementation verifies', signsMessages],
    ['sign bytes only, never a text, a list or a number', signsBytesOnly],
    ['wrap nothing, and stay of their type', staysOfType],
    ['are made under a URI, or another type is, when both are asked for at once', isOneOfTwo],
    ['sign many messages at once, and are one key when many create it at once', signsAtOnce],
  ]
  return titled.map(([title, body]) => [`${type} keys ${title}`, (hsm) => body(hsm, type)])
}

async function hasPublicKey(hsm: AnyHsm, type: SigningType): Promise<void> {
  await hsm.createKey(key, type)
  await hsm.createKey(otherKey, type)
  const publicKey = await hsm.publicKey(key)
  check(isPublicKey(type, publicKey), `${hex(publicKey)} is no raw public key of ${type}`)
  const before = hex(publicKey)
  publicKey.fill(0)
  await hsm.createKey(key, type)
  check(hex(await hsm.publicKey(key)) === before, 'the public key changed')
  check(hex(await hsm.publicKey(otherKey)) !== before, 'two keys are the same')
}

async function signsMessages(hsm: AnyHsm, type: SigningType): Promise<void> {
  await hsm.createKey(key, type)
  await hsm.createKey(otherKey, type)
  const [publicKey, other] = [await hsm.publicKey(key), await hsm.publicKey(otherKey)]
  for (const length of [0, 32, 200, 100_000]) {
    const message = new Uint8Array(length).fill(length)
    const signature = await hsm.sign(key, message)
    check(isSignature(type, publicKey, message, signature), `${hex(signature)} does not sign ${length} bytes`)
  }
  const signature = await hsm.sign(key, plaintext)
  check(!isSignature(type, other, plaintext, signature), 'a signature fits another key')
  check(!isSignature(type, publicKey, purpose, signature), 'a signature fits another message')
  if (type === 'ed25519') return
  // One s in two is high by chance, so this many signatures tell.
  for (let round = 0; round < 24; round++) {
    const one = await hsm.sign(key, utf8(`message ${round}`))
    check(hasLowS(curves[type], one), `${hex(one)} has a high s`)
  }
}

async function signsBytesOnly(hsm: AnyHsm, type: SigningType): Promise<void> {
  await hsm.createKey(key, type)
  for (const value of ['text', [1, 2, 3], 7, null, undefined, { length: 3 }, new ArrayBuffer(3)]) {
    await rejects(() => hsm.sign(key, value as Uint8Array), `signing a ${typeof value}`)
  }
  const message = plaintext.slice()
  await hsm.sign(key, message)
  sameBytes(message, plaintext, 'the message after signing')
}

async function staysOfType(hsm: AnyHsm, type: SigningType): Promise<void> {
  await hsm.createKey(key, type)
  const publicKey = await hsm.publicKey(key)
  await fails('wrong_type', () => hsm.wrap(key, plaintext, purpose), `wrap under ${type}`)
  await fails('wrong_type', () => hsm.unwrap(key, plaintext, purpose), `unwrap under ${type}`)
  for (const other of (['aes-256', ...signingTypes] as const).filter((one) => one !== type)) {
    await fails('wrong_type', () => hsm.createKey(key, other), `creating ${other} over ${type}`)
  }
  sameBytes(await hsm.publicKey(key), publicKey, 'the public key')
  await hsm.destroyKey(key)
  await hsm.createKey(key, type)
  check(hex(await hsm.publicKey(key)) !== hex(publicKey), 'a destroyed key came back')
}

async function isOneOfTwo(hsm: AnyHsm, type: SigningType): Promise<void> {
  const types: readonly KeyType[] = ['aes-256', type, 'aes-256', type]
  const results = await outcomes(types.map((one) => hsm.createKey(key, one)))
  const won = new Set(types.filter((_, at) => results[at]?.status === 'fulfilled'))
  check(won.size === 1, `${[...won].join(' and ')} were made under one URI`)
  for (const result of results) {
    if (result.status === 'fulfilled') continue
    check(result.reason instanceof HsmError && result.reason.failure === 'wrong_type', `a loser got ${result.reason}`)
  }
  if (won.has(type)) await hsm.publicKey(key)
  else await hsm.wrap(key, plaintext, purpose)
}

async function signsAtOnce(hsm: AnyHsm, type: SigningType): Promise<void> {
  const publicKeys = Array.from({ length: 8 }, async () => {
    await hsm.createKey(key, type)
    return hex(await hsm.publicKey(key))
  })
  check(new Set(await Promise.all(publicKeys)).size === 1, 'many creators made more than one key')
  const publicKey = await hsm.publicKey(key)
  const messages = Array.from({ length: 4 }, (_, at) => utf8(`at once ${at}`))
  const signatures = await Promise.all(messages.map((message) => hsm.sign(key, message)))
  for (const [at, message] of messages.entries()) {
    check(isSignature(type, publicKey, message, signatures[at] as Uint8Array), `signature ${at} of many is wrong`)
  }
}

function isPublicKey(type: SigningType, publicKey: Uint8Array): boolean {
  return type === 'ed25519' ? publicKey.length === 32 : pointOf(curves[type], publicKey) !== null
}

function isSignature(type: SigningType, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (type === 'ed25519') return nobleCrypto.ed25519Verify(publicKey, message, signature)
  const point = pointOf(curves[type], publicKey)
  return point !== null && verifies(curves[type], point, nobleCrypto.sha256(message), signature)
}
