import { appCode } from '@pawl/testkit/fakes'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { area, confirmField, confirmHeader, operation } from '../../area.ts'
import { minute, second } from '../../kernel/time.ts'

// Goal: a stolen token is not enough for what its owner would regret, and a proof is good for one call of one kind.

const email = 'ada@example.com'
const password = 'Correct-Horse-7'
const confirmation = 'DELETE MY ACCOUNT'
const purpose = 'account.delete'
const wrong = expect.objectContaining({ code: 'confirmation_wrong', kind: 'denied' })
const needed = expect.objectContaining({ code: 'confirmation_needed', kind: 'denied' })

/** A person who signed in with a password. */
async function withAda() {
  const world = await testPawl()
  const { id } = await world.owner.orgs.addMember({ email, password })
  const { access_token } = await world.pawl.as({}).auth.token({ email, password })
  return { world, id, ada: world.pawl.as(access_token.reveal()) }
}

async function withApp() {
  const { world, id, ada } = await withAda()
  const { secret } = await ada.factors.setUpMfa()
  const code = () => appCode(secret.reveal(), world.clock.now())
  const { recovery_codes } = await ada.factors.confirmMfa({ code: code() })
  return { world, id, ada, code, recovery_codes: recovery_codes.map((one) => one.reveal()) }
}

async function reauth({ world }: { world: Pick<World, 'pawl'> }, wanted = purpose) {
  const { access_token } = await world.pawl.as({}).auth.token({ email, password })
  const client = world.pawl.as(access_token.reveal())
  return (await client.factors.completeReauth({ purpose: wanted, password })).reauth_token.reveal()
}

describe('a re-authentication token', () => {
  it('confirms one call', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const begun = await ada.factors.beginReauth({ purpose })
    expect(begun).toEqual({ purpose, method: 'password', methods: ['password'] })
    const done = await ada.factors.completeReauth({ purpose, password })
    expect(done).toMatchObject({ purpose, method: 'password', expires_in: 300, expires_at: '2026-01-01T00:05:00.000Z' })
    expect(done.reauth_token.reveal()).toMatch(/^rat_[A-Za-z0-9_-]+$/)
    await ada.auth.deleteMe({ confirmation, auth_confirm: done.reauth_token.reveal() })
    await expect(ada.auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  it('is good once, when 50 calls of an area of somebody else’s show it at the same moment', async () => {
    const ring = operation({
      name: 'bells.ring',
      summary: 'Ring a bell that only its owner may ring.',
      http: { method: 'POST', path: '/v1/bells', status: 200, id: 'ring', tag: 'Bells', headers: confirmHeader },
      effect: 'write',
      access: { signedIn: ['user'] },
      confirms: { purpose: 'bells.ring' },
      audit: { action: 'bell.ring', resource: 'bell' },
      input: z.object({ auth_confirm: confirmField() }),
      output: z.object({}),
      errors: [],
      run: () => ({}),
    })
    await using world = await testPawl({ areas: [area({ name: 'bells', operations: { ring } })] })
    await world.owner.orgs.addMember({ email, password })
    const auth_confirm = await reauth({ world }, 'bells.ring')
    const { access_token } = await world.pawl.as({}).auth.token({ email, password })
    const { bells } = world.pawl.as(access_token.reveal())
    await expect(bells.ring()).rejects.toEqual(needed)
    const rung = await Promise.allSettled(Array.from({ length: 50 }, () => bells.ring({ auth_confirm })))
    expect(rung.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(rung.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'confirmation_wrong' } })
  })

  it('is refused for another purpose, another user, another epoch, and after five minutes', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const tryWith = (auth_confirm: string, by = ada) => by.auth.deleteMe({ confirmation, auth_confirm })
    await expect(tryWith(await reauth({ world }, 'security.mfa.disable'))).rejects.toEqual(wrong)
    const mine = await reauth({ world })
    await expect(tryWith(mine, world.owner)).rejects.toEqual(wrong)
    await expect(tryWith(`${mine.slice(0, -2)}AA`)).rejects.toEqual(wrong)
    await expect(tryWith('rat_')).rejects.toEqual(wrong)
    world.clock.advance(5 * minute)
    await expect(tryWith(mine)).rejects.toEqual(wrong)
    const old = await reauth({ world })
    await ada.auth.changePassword({ current_password: password, new_password: 'Battery-Staple-8' })
    const { access_token } = await world.pawl.as({}).auth.token({ email, password: 'Battery-Staple-8' })
    await expect(tryWith(old, world.pawl.as(access_token.reveal()))).rejects.toEqual(wrong)
  })

  it('opens no route by itself', async () => {
    const { world } = await withAda()
    await using _ = world
    await expect(world.pawl.as(await reauth({ world })).auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  it('is for a purpose that some operation has', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    await expect(ada.factors.beginReauth({ purpose: 'everything' })).rejects.toMatchObject({
      data: { fields: { purpose: expect.stringContaining('account.delete') } },
    })
  })

  it('is not made for an agent', async () => {
    await using world = await testPawl()
    const { as } = await world.agent()
    await expect(as.factors.completeReauth({ purpose, password })).rejects.toMatchObject({ kind: 'denied' })
  })

  it('leaves an event with the purpose and the method, and without the proof', async () => {
    const { world, id, ada } = await withAda()
    await using _ = world
    const token = await reauth({ world })
    await expect(ada.factors.completeReauth({ purpose, password: 'Wrong-Horse-7' })).rejects.toBeDefined()
    const { events } = await world.owner.audit.events({ action: 'auth.reauth' })
    expect(events).toMatchObject([
      { actor_id: id, details: { purpose, outcome: 'failed' } },
      { actor_id: id, details: { purpose } },
    ])
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`${token}|${password}|Wrong-Horse`))
  })
})

describe('a password as the proof', () => {
  it('is enough for a person without a second factor, and counted when it is wrong (B13)', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    for (let count = 0; count < 10; count++) {
      await expect(ada.auth.deleteMe({ confirmation, auth_confirm: 'no' })).rejects.toEqual(wrong)
    }
    await expect(ada.auth.deleteMe({ confirmation, auth_confirm: password })).rejects.toEqual(wrong)
    await expect(ada.factors.completeReauth({ purpose, password })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(world.pawl.as({}).auth.token({ email, password })).rejects.toMatchObject({ code: 'wrong_password' })
    world.clock.advance(15 * minute)
    await expect(world.pawl.as({}).auth.token({ email, password })).resolves.toBeDefined()
  })

  it('is not enough for a person with a second factor, nor is a token for it', async () => {
    const { world, ada, code } = await withApp()
    await using _ = world
    await expect(ada.auth.deleteMe({ confirmation })).rejects.toEqual(needed)
    await expect(ada.auth.deleteMe({ confirmation, auth_confirm: password })).rejects.toEqual(needed)
    await expect(ada.factors.completeReauth({ purpose, method: 'password', password })).rejects.toMatchObject({
      data: { fields: { method: 'must be totp' } },
    })
    expect(await ada.factors.beginReauth({ purpose })).toMatchObject({ method: 'totp', methods: ['totp'] })
    world.clock.advance(30 * second)
    // Published clients send the code as the password.
    const { token } = await ada.factors.completeReauth({ purpose, method: 'totp', password: code() })
    await ada.auth.deleteMe({ confirmation, auth_confirm: token.reveal() })
  })

  it('that was taken before the second factor was there is not enough after it', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const weak = await reauth({ world })
    const { secret } = await ada.factors.setUpMfa()
    await ada.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
    await expect(ada.auth.deleteMe({ confirmation, auth_confirm: weak })).rejects.toEqual(wrong)
  })

  it('is checked also where none is needed (3.4)', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    await expect(ada.auth.deleteMe({ confirmation, auth_confirm: 'no' })).rejects.toEqual(wrong)
    await ada.auth.deleteMe({ confirmation })
  })
})
