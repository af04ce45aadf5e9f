import { generateKeyPairSync } from 'node:crypto'
import { fakeDevice } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { area, fields, operation, signedIn } from '../../area.ts'
import { minute } from '../../kernel/time.ts'
import { takeStepUpToken } from './index.ts'

// Goal: a registered phone confirms exactly the action that it was asked for, once.

const email = 'ada@example.com'
const password = 'Correct-Horse-7'
const action = { action: 'approve_transaction', target_id: 'tx-1' }

const decide = operation({
  name: 'decisions.make',
  summary: 'Decide about something that a device has confirmed.',
  http: { method: 'POST', path: '/v1/decisions', status: 200, id: 'decide', tag: 'Decisions' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'decision.make', resource: 'decision' },
  input: z.object({ target: z.string(), token: fields.secretText(1_024) }),
  output: z.object({ isMade: z.boolean() }),
  errors: [],
  run: (context, { target: targetId, token }) => ({
    isMade: takeStepUpToken(context, signedIn(context).id, token, { action: action.action, targetId }),
  }),
})

async function withPhone(phone = fakeDevice()) {
  const world = await testPawl({ areas: [area({ name: 'decisions', operations: { make: decide } })] })
  await world.owner.orgs.addMember({ email, password })
  const { access_token } = await world.pawl.as({}).auth.token({ email, password })
  const ada = world.pawl.as(access_token.reveal())
  const registration = { name: 'phone', platform: 'ios', public_key_pem: phone.publicKeyPem } as const
  const { device_id } = await ada.devices.register(registration)
  const confirm = async (wanted = action, id = device_id) => {
    const { challenge_nonce } = await ada.devices.challenge({ device_id: id, ...wanted })
    const attested = await ada.devices.attest({
      device_id: id,
      challenge_nonce,
      signature: phone.sign(challenge_nonce),
    })
    return attested.step_up_token.reveal()
  }
  return { world, ada, phone, device_id, registration, confirm }
}

describe('a registered device (3.9)', () => {
  it('is listed with what it is, and never with its push token', async () => {
    const { world, ada, device_id } = await withPhone()
    await using _ = world
    await ada.devices.setPushToken({ device_id, token: 'push-token-1', platform: 'apns' })
    const { devices } = await ada.devices.list()
    expect(devices).toEqual([
      {
        ...{ id: device_id, name: 'phone', platform: 'ios', attestation_verified: false, last_used_at: null },
        created_at: '2026-01-01T00:00:00.000Z',
      },
    ])
  })

  it.each([
    ['P-256', fakeDevice()],
    ['Ed25519', fakeDevice('a seed')],
  ])('confirms one action with a key of %s, once in 50 parallel calls', async (_, phone) => {
    const { world, ada, confirm } = await withPhone(phone)
    await using __ = world
    const token = await confirm()
    expect(await ada.decisions.make({ target: 'tx-2', token })).toEqual({ isMade: false })
    expect(await world.owner.decisions.make({ target: 'tx-1', token })).toEqual({ isMade: false })
    const made = await Promise.all(Array.from({ length: 50 }, () => ada.decisions.make({ target: 'tx-1', token })))
    expect(made.filter(({ isMade }) => isMade)).toHaveLength(1)
    const late = await confirm()
    world.clock.advance(5 * minute)
    expect(await ada.decisions.make({ target: 'tx-1', token: late })).toEqual({ isMade: false })
    expect((await ada.devices.list()).devices[0]?.last_used_at).toBeDefined()
  })

  it('answers a challenge once in 50 parallel calls, and not the one of another device', async () => {
    const { world, ada, phone, device_id, registration } = await withPhone()
    await using _ = world
    const { challenge_nonce, action_bound_hash } = await ada.devices.challenge({ device_id, ...action })
    expect(action_bound_hash).toMatch(/^[0-9a-f]{64}$/)
    const answer = { challenge_nonce, signature: phone.sign(challenge_nonce) }
    const { device_id: other } = await ada.devices.register(registration)
    const invalid = { kind: 'invalid' }
    await expect(ada.devices.attest({ device_id: other, ...answer })).rejects.toMatchObject(invalid)
    const wrong = { challenge_nonce, signature: fakeDevice().sign(challenge_nonce) }
    await expect(ada.devices.attest({ device_id, ...wrong })).rejects.toMatchObject(invalid)
    const garbage = { challenge_nonce, signature: '!' }
    await expect(ada.devices.attest({ device_id, ...garbage })).rejects.toMatchObject(invalid)
    const tried = await Promise.allSettled(
      Array.from({ length: 50 }, () => ada.devices.attest({ device_id, ...answer })),
    )
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const late = (await ada.devices.challenge({ device_id, ...action })).challenge_nonce
    world.clock.advance(5 * minute)
    const expired = { device_id, challenge_nonce: late, signature: phone.sign(late) }
    await expect(ada.devices.attest(expired)).rejects.toMatchObject(invalid)
  })

  it('is of its user only, and ends with a word of theirs', async () => {
    const { world, ada, device_id, phone } = await withPhone()
    await using _ = world
    const missing = { code: 'device_not_found' }
    const { challenge_nonce } = await ada.devices.challenge({ device_id, ...action })
    const answer = { device_id, challenge_nonce, signature: phone.sign(challenge_nonce) }
    await expect(world.owner.devices.challenge({ device_id, ...action })).rejects.toMatchObject(missing)
    await expect(world.owner.devices.attest(answer)).rejects.toMatchObject(missing)
    await expect(world.owner.devices.revoke({ device_id })).rejects.toMatchObject(missing)
    await ada.devices.revoke({ device_id })
    await expect(ada.devices.attest(answer)).rejects.toMatchObject(missing)
  })

  it('is not registered with a stolen token, nor with a key that cannot be checked', async () => {
    const { world, ada, registration } = await withPhone()
    await using _ = world
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ format: 'pem', type: 'spki' })
    const infinity = registration.public_key_pem.replace(/\n[A-Za-z0-9+/]{4}/, '\nAAAA')
    for (const public_key_pem of [String(rsa), infinity, 'ssh-ed25519 AAAA', '']) {
      await expect(ada.devices.register({ ...registration, public_key_pem })).rejects.toMatchObject({
        data: { fields: { public_key_pem: expect.any(String) } },
      })
    }
    world.clock.advance(6 * minute)
    await expect(ada.devices.register(registration)).rejects.toMatchObject({ code: 'confirmation_needed' })
    await ada.devices.register({ ...registration, auth_confirm: password })
  })
})
