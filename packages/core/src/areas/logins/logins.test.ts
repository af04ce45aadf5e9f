import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../kernel/ip.ts'

const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const
const minute = 60_000
const notFound = expect.objectContaining({ code: 'device_code_not_found', kind: 'not_found' })
const password = tagged('Correct-Horse-7')

const device = ({ pawl }: World) => pawl.as({ bearer: null, ip: parseAddress('198.51.100.7') })
const ask = async (world: World, more: { email?: string } = {}) => {
  const { device_code, ...shown } = await device(world).logins.request({ client_id: 'cli', ...more })
  return { ...shown, poll: () => device(world).logins.poll({ device_code, grant_type }) }
}

describe('a device', () => {
  it('signs in as the user who allows its code, for a day', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example.com' })
    const { user_code, poll, ...answer } = await ask(world)
    expect(answer).toEqual({
      verification_uri: 'https://vault.example.com/cli/verify',
      verification_uri_complete: `https://vault.example.com/cli/verify?code=${user_code}`,
      expires_in: 600,
      interval: 5,
    })
    expect(await poll()).toEqual({ error: 'authorization_pending' })
    expect(await world.owner.logins.allow({ user_code })).toEqual({})
    const { access_token, ...signedIn } = await poll()
    expect(signedIn).toEqual({
      token_type: 'Bearer',
      expires_in: 86_400,
      email: 'owner@example.com',
      user_id: world.ownerId,
      org_id: world.org,
    })
    const token = access_token?.reveal() ?? ''
    expect(await world.pawl.as(token).auth.me()).toMatchObject({ id: world.ownerId })
    world.clock.advance(23 * 60 * minute)
    await world.pawl.as(token).auth.me()
    world.clock.advance(60 * minute)
    await expect(world.pawl.as(token).auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
    const { events } = await world.owner.audit.events({})
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['auth.device_allow', 'auth.success']))
  })

  it('gets one token, however many polls arrive at once', async () => {
    await using world = await testPawl()
    const { user_code, poll } = await ask(world)
    await world.owner.logins.allow({ user_code })
    const answers = await Promise.all(Array.from({ length: 50 }, poll))
    expect(answers.filter((answer) => answer.access_token !== undefined)).toHaveLength(1)
    expect(answers.filter((answer) => answer.error === 'expired_token')).toHaveLength(49)
  })

  it('learns that it was denied, and that its code has expired or never existed, with 200', async () => {
    await using world = await testPawl()
    const denied = await ask(world)
    await world.owner.logins.deny({ user_code: denied.user_code })
    expect(await denied.poll()).toEqual({ error: 'access_denied' })
    await expect(world.owner.logins.allow({ user_code: denied.user_code })).rejects.toEqual(notFound)
    const late = await ask(world)
    await world.owner.logins.allow({ user_code: late.user_code })
    world.clock.advance(10 * minute)
    expect(await late.poll()).toEqual({ error: 'expired_token' })
    expect(await device(world).logins.poll({ device_code: 'unknown', grant_type })).toEqual({ error: 'expired_token' })
  })

  it('can be allowed only by the user of the address that it named', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const { user_code, poll } = await ask(world, { email: ' Ada@Example.com ' })
    for (const decide of ['allow', 'deny'] as const) {
      await expect(world.owner.logins[decide]({ user_code })).rejects.toEqual(notFound)
    }
    expect(await world.owner.logins.status({ user_code })).not.toHaveProperty('client_id')
    await world.pawl.as({ user: id }).logins.allow({ user_code })
    expect(await poll()).toMatchObject({ user_id: id })
  })

  it('is not signed in when the user changed the password or left after allowing it (C3)', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const user = world.pawl.as({ user: id })
    const changed = await ask(world)
    await user.logins.allow({ user_code: changed.user_code })
    await user.auth.changePassword({ current_password: password, new_password: tagged('Battery-Staple-8') })
    expect(await changed.poll()).toEqual({ error: 'access_denied' })
    const left = await ask(world)
    await user.logins.allow({ user_code: left.user_code })
    await world.owner.orgs.removeMember({ user_id: id })
    expect(await left.poll()).toEqual({ error: 'expired_token' })
  })

  it('cannot be allowed with a stolen API key, or by another device: neither extends itself (C2)', async () => {
    await using world = await testPawl()
    const { api_key } = await world.owner.auth.createApiKey({ name: 'laptop' })
    const first = await ask(world)
    await world.owner.logins.allow({ user_code: first.user_code })
    const { access_token } = await first.poll()
    const bearers = [api_key.reveal(), access_token?.reveal() ?? '']
    for (const bearer of [...bearers]) {
      bearers.push((await world.pawl.as(bearer).auth.refresh({})).access_token.reveal())
    }
    const { user_code } = await ask(world)
    for (const bearer of bearers) {
      await expect(world.pawl.as(bearer).logins.allow({ user_code })).rejects.toMatchObject({ code: 'denied' })
    }
  })
})

describe('a code', () => {
  it('has no vowel and no digit, and is taken in small letters and without its hyphen', async () => {
    await using world = await testPawl()
    for (let times = 0; times < 20; times++) {
      expect((await ask(world)).user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    }
    const { user_code, poll } = await ask(world)
    await world.owner.logins.allow({ user_code: ` ${user_code.toLowerCase().replace('-', '')} ` })
    expect(await poll()).toHaveProperty('access_token')
  })

  it('shows who asks, from where and when to a user, and only its state to others', async () => {
    await using world = await testPawl()
    const { user_code } = await ask(world)
    const state = { user_code, status: 'pending', expires_at: '2026-01-01T00:10:00.000Z' }
    expect(await device(world).logins.status({ user_code })).toEqual(state)
    expect(await world.owner.logins.status({ user_code })).toEqual({
      ...state,
      client_id: 'cli',
      requested_from: '198.51.100.7',
      requested_at: '2026-01-01T00:00:00.000Z',
    })
    await expect(device(world).logins.status({ user_code: 'BBBB-BBBB' })).rejects.toEqual(notFound)
    world.clock.advance(10 * minute)
    expect(await device(world).logins.status({ user_code })).toMatchObject({ status: 'expired' })
  })

  it('cannot be guessed: wrong codes are limited per address, and polls are not (B24)', async () => {
    await using world = await testPawl({ rateLimits: true })
    const { user_code, poll } = await ask(world)
    for (let times = 0; times < 30; times++) expect(await poll()).toEqual({ error: 'authorization_pending' })
    const guess = (letters: string) =>
      device(world)
        .logins.status({ user_code: letters })
        .catch(({ code }) => code)
    const guesses = await Promise.all(['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K'].map((one) => guess(`${one}BBB-BBBB`)))
    expect(new Set(guesses)).toEqual(new Set(['device_code_not_found', 'rate_limited']))
    await expect(device(world).logins.status({ user_code })).rejects.toMatchObject({ code: 'rate_limited' })
    expect(await poll()).toEqual({ error: 'authorization_pending' })
  })

  it('is requested at most five times at once from one address', async () => {
    await using world = await testPawl({ rateLimits: true })
    for (let times = 0; times < 5; times++) await ask(world)
    await expect(ask(world)).rejects.toMatchObject({ code: 'rate_limited' })
    world.clock.advance(1_000)
    await ask(world)
  })
})
