import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { DigestSigning, Hsm } from '@pawl/core/ports'
import { memoryHsm } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it, test } from 'vitest'
import { times } from '../../../../../tools/test-run/index.ts'
import type { UnitContext } from '../../operations/index.ts'
import { type Signer, signAll } from './sign.ts'

// Goal: no input and no key store makes a signature that tells the key, or that others can change. Method: the function that signs,
// and a whole engine in memory.

const message = { intent_type: 'personal_sign', chain: 'base', agent_id: 'me', message: 'hello' } as const

async function hsmWorld(change: (signature: Uint8Array) => Uint8Array) {
  const inner = memoryHsm() as Hsm & DigestSigning
  const hsm = {
    ...inner,
    signDigest: async (uri: string, digest: Uint8Array) => change(await inner.signDigest(uri, digest)),
  }
  const world = await testPawl({ hsm, keyStores: {} })
  const { id: agent_id, as } = await world.agent({ intents_api_enabled: true, message_signing_enabled: true } as never)
  await world.owner.signers.create({ agent_id, chain: 'ethereum', custody: 'hsm' })
  return { ...world, sign: () => as.intents.signIntent(message) }
}

describe('I1: what is signed', () => {
  const signer = { curve: 'secp256k1', publicKey: new Uint8Array(65), key: { custody: 'vault' } } as unknown as Signer
  const digest = new Uint8Array(32).fill(7)

  it.each([
    ['a number', 7],
    ['a text', '07'.repeat(32)],
    ['an array of the same bytes', [...digest]],
    ['an object like a big number', { toArray: () => [...digest], length: 32 }],
    ['nothing', undefined],
  ])('is bytes and never %s', (_, given) => {
    const sign = () => signAll({} as UnitContext, signer, [digest, given as unknown as Uint8Array])
    expect(sign).toThrow('only bytes can be signed')
  })

  it('has the same signature each time, and another message has another r', async () => {
    await using world = await testPawl()
    const settings = { intents_api_enabled: true, message_signing_enabled: true }
    const { id: agent_id, as } = await world.agent(settings as never)
    await world.owner.signers.create({ agent_id, chain: 'ethereum' })
    const sign = async (text: string) => (await as.intents.signIntent({ ...message, message: text })).signature ?? ''
    const texts = Array.from({ length: 10 }, (_, at) => `message ${at}`)
    const signatures = await Promise.all(texts.map(sign))
    expect(new Set(signatures.map((one) => one.slice(0, 66))).size).toBe(texts.length)
    expect(await Promise.all(texts.map(sign))).toEqual(signatures)
  })
})

test('I2: elliptic is no part of what is installed, not even for tests', () => {
  const lockfile = readFileSync(join(import.meta.dirname, '../../../../../pnpm-lock.yaml'), 'utf8')
  expect(lockfile).not.toMatch(/^ {2}elliptic@/m)
})

describe('I3: a key store', () => {
  const high = (signature: Uint8Array) => {
    const { r, s } = secp256k1.Signature.fromBytes(signature)
    return new secp256k1.Signature(r, secp256k1.Point.CURVE().n - s).toBytes()
  }

  it('that signs with a high s signs nothing', async () => {
    await using world = await hsmWorld(high)
    await expect(world.sign()).rejects.toMatchObject({ kind: 'internal' })
  })

  it.each([
    ['in BER', (signature: Uint8Array) => secp256k1.Signature.fromBytes(signature).toBytes('der')],
    ['with a zero before it', (signature: Uint8Array) => Uint8Array.of(0, ...signature)],
    ['of another message', (signature: Uint8Array) => signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte))],
  ])('that answers with a signature %s signs nothing', async (_, change) => {
    await using world = await hsmWorld(change)
    await expect(world.sign()).rejects.toMatchObject({ kind: 'internal' })
  })

  it('that signs as it must is believed', async () => {
    await using world = await hsmWorld((signature) => signature)
    expect(await world.sign()).toMatchObject({ signature: expect.stringMatching(/^0x/) })
  })
})

test('I14: each of many rotations adds one key and one version of its secret, and nothing else that stays', async () => {
  await using world = await testPawl()
  const { id: agent_id } = await world.agent()
  const ref = { agent_id, chain: 'ethereum' } as const
  await world.owner.signers.create(ref)
  await world.owner.signers.rotate(ref)
  await world.pawl.runJobs()
  const before = world.storedKinds()
  const count = times('rotations of a signing key', { quick: 20, whole: 100 })
  for (let at = 0; at < count; at++) await world.owner.signers.rotate(ref)
  await world.pawl.runJobs()
  const after = world.storedKinds()
  const grown = Object.entries(after).filter(([kind, number]) => number !== (before[kind] ?? 0))
  const added = Object.fromEntries(grown.map(([kind, number]) => [kind, number - (before[kind] ?? 0)]))
  expect(added).toEqual({ signingKey: count, secretVersion: count, ...trailOf(added) })
  const { keys } = await world.owner.signers.list({ agent_id })
  expect(keys.filter(({ is_active }) => is_active)).toHaveLength(1)
})

/** The audit trail keeps every rotation. */
function trailOf(added: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(added).filter(([kind]) => kind.startsWith('audit')))
}
