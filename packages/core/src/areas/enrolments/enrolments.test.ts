import { createHash } from 'node:crypto'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../kernel/ip.ts'
import { noMailer } from '../../ports/reference/index.ts'

const nil = '00000000-0000-0000-0000-000000000000'
const minute = 60_000
const human_email = 'owner@example.com'
const notFound = expect.objectContaining({ code: 'enrolment_not_found', kind: 'not_found' })
const limited = expect.objectContaining({ code: 'rate_limited' })

const agent = ({ pawl }: World, ip = '198.51.100.7') => pawl.as({ bearer: null, ip: parseAddress(ip) }).enrolments
const tokenIn = (url = '') => new URL(url).searchParams.get('token') ?? ''

async function link(world: World, name = 'my-agent'): Promise<string> {
  return tokenIn((await agent(world).enroll({ name })).approval_url)
}

async function mailed(world: World): Promise<string> {
  await agent(world).enroll({ name: 'my-agent', human_email })
  await world.pawl.runJobs()
  return /\?token=(\S+)/.exec(world.mail.sent.at(-1)?.text ?? '')?.[1] ?? ''
}

describe('an agent that comes with a link (seed 004)', () => {
  it('gets a link and no key, and becomes an agent of the user who allows it', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example.com' })
    const { approval_url, ...answer } = await agent(world).enroll({ name: ' my-agent ', description: 'Reads mail' })
    expect(answer).toEqual({ agent_id: nil, message: expect.any(String) })
    expect(approval_url).toMatch(/^https:\/\/vault\.example\.com\/agents\/enroll\/approve\?token=[\w-]{43}$/)
    const token = tokenIn(approval_url)
    expect(await world.owner.enrolments.show({ token })).toMatchObject({
      name: 'my-agent',
      description: 'Reads mail',
      requested_from: '198.51.100.7',
      requested_at: '2026-01-01T00:00:00.000Z',
      expires_at: '2026-01-02T00:00:00.000Z',
    })
    const { agent_id, api_key, mailed } = await world.owner.enrolments.approve({ token })
    expect(mailed).toBe(true)
    const key = api_key?.reveal() ?? ''
    const me = await world.pawl.as(key).agents.me()
    expect(me).toMatchObject({ id: agent_id, name: 'my-agent', created_by: world.ownerId, org_id: world.org })
    await world.pawl.runJobs()
    expect(world.mail.sent.at(-1)).toMatchObject({ to: human_email, text: expect.stringContaining(key) })
    const { events } = await world.owner.audit.events({})
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['agent.enroll_allow', 'agent.register']))
    expect(JSON.stringify(events)).not.toContain(token)
  })

  it('can read nothing until a policy grants it, and one vault with the same click', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    for (const path of ['api-keys/openai', 'db/main']) {
      await world.owner.secrets.put({ vault_id, path, value: tagged('v') })
    }
    const read = async (key: { reveal(): string } | undefined, path: string) =>
      world.pawl
        .as(key?.reveal() ?? '')
        .secrets.get({ vault_id, path })
        .then(
          () => 'read',
          ({ code }) => code,
        )
    const bare = await world.owner.enrolments.approve({ token: await link(world) })
    expect(await read(bare.api_key, 'api-keys/openai')).toBe('denied')
    const grant = { vault_id, secret_path_pattern: 'api-keys/*' }
    const granted = await world.owner.enrolments.approve({ token: await link(world), ...grant })
    expect(granted.policy_id).toBeDefined()
    expect(await read(granted.api_key, 'api-keys/openai')).toBe('read')
    expect(await read(granted.api_key, 'db/main')).toBe('denied')
    const { policies } = await world.owner.policies.list({ vault_id })
    expect(policies).toMatchObject([{ principal_id: granted.agent_id, permissions: ['read'] }])
  })

  it('is granted no vault that the user does not manage, and stays pending then', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const member = await world.member()
    const token = await link(world)
    const foreign = member.as.enrolments.approve({ token, vault_id })
    await expect(foreign).rejects.toMatchObject({ code: 'vault_not_found' })
    const nowhere = member.as.enrolments.approve({ token, secret_path_pattern: '**' })
    await expect(nowhere).rejects.toMatchObject({ code: 'invalid_input' })
    const { agent_id } = await member.as.enrolments.approve({ token })
    expect((await member.as.agents.get({ agent_id })).name).toBe('my-agent')
  })

  it('is decided once, by 50 at the same moment, and within a day', async () => {
    await using world = await testPawl()
    const token = await link(world)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => world.owner.enrolments.approve({ token })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await world.owner.agents.list()).agents).toHaveLength(1)
    const denied = await link(world)
    expect(await world.owner.enrolments.deny({ token: denied })).toMatchObject({ name: 'my-agent' })
    await expect(world.owner.enrolments.approve({ token: denied })).rejects.toEqual(notFound)
    const late = await link(world)
    world.clock.advance(24 * 60 * minute)
    await expect(world.owner.enrolments.approve({ token: late })).rejects.toEqual(notFound)
    expect((await world.owner.agents.list()).agents).toHaveLength(1)
  })

  it('is allowed by an API key with scopes only where the key can create agents and policies (M9)', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const token = await link(world)
    const withScopes = async (...scopes: string[]) => {
      const { api_key } = await world.owner.auth.createApiKey({ name: 'ci', scopes })
      return world.pawl.as(api_key.reveal()).enrolments
    }
    const denied = expect.objectContaining({ code: 'denied' })
    await expect((await withScopes('enrolments:write')).approve({ token })).rejects.toEqual(denied)
    const maker = await withScopes('enrolments:write', 'agents:write')
    await expect(maker.approve({ token, vault_id })).rejects.toEqual(denied)
    await maker.approve({ token })
  })
})

describe('an agent that names its user', () => {
  it('is allowed by that user alone, with the link in the mail or in the own list', async () => {
    await using world = await testPawl()
    const { as: other } = await world.member({ role: 'owner' })
    const token = await mailed(world)
    expect(world.mail.sent.at(-1)).toMatchObject({ to: human_email, subject: 'An agent asks for access' })
    const { enrollments } = await world.owner.enrolments.list()
    expect(enrollments).toMatchObject([{ name: 'my-agent', requested_from: '198.51.100.7' }])
    const enrollment_id = enrollments[0]?.id ?? ''
    expect((await other.enrolments.list()).enrollments).toEqual([])
    for (const ref of [{ token }, { enrollment_id }]) {
      await expect(other.enrolments.show(ref)).rejects.toEqual(notFound)
      await expect(other.enrolments.approve(ref)).rejects.toEqual(notFound)
      await expect(other.enrolments.deny(ref)).rejects.toEqual(notFound)
    }
    await world.owner.enrolments.approve({ enrollment_id, mail_key: false })
    await world.pawl.runJobs()
    expect(world.mail.sent).toHaveLength(1)
    await expect(world.owner.enrolments.show({ token })).rejects.toEqual(notFound)
    expect((await world.owner.enrolments.list()).enrollments).toEqual([])
    const { events } = await world.owner.audit.events({ action: 'agent.enroll' })
    expect(events).toMatchObject([{ actor_type: 'anonymous', ip_address: '198.51.100.7' }])
  })

  it('gets the same answer for known and unknown addresses, also when it asks too often', async () => {
    for (const mailer of [undefined, noMailer]) {
      await using world = await testPawl({ rateLimits: true, ...(mailer && { mailer }) })
      const known = await agent(world).enroll({ name: 'a', human_email })
      const unknown = await agent(world).enroll({ name: 'a', human_email: 'nobody@example.com' })
      expect(known).toEqual(unknown)
      expect(known).not.toHaveProperty('approval_url')
      world.clock.advance(9 * minute)
      for (const email of [human_email, ' NOBODY@example.com ']) {
        await expect(agent(world).enroll({ name: 'a', human_email: email })).rejects.toEqual(limited)
      }
      world.clock.advance(minute + 1)
      for (const email of [human_email, 'nobody@example.com'])
        await agent(world).enroll({ name: 'a', human_email: email })
      await world.pawl.runJobs()
      expect(new Set(world.mail.sent.map(({ to }) => to))).toEqual(new Set(mailer ? [] : [human_email]))
      expect((await world.owner.enrolments.list()).enrollments).toHaveLength(2)
    }
  })

  it('comes with a link when its address is empty, as some clients send it', async () => {
    await using world = await testPawl()
    expect(await agent(world).enroll({ name: 'a', human_email: '' })).toHaveProperty('approval_url')
  })

  it('is gone with its user', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password: tagged('Correct-Horse-7') })
    await agent(world).enroll({ name: 'a', human_email: 'ada@example.com' })
    await world.owner.orgs.removeMember({ user_id: id })
    for (const kind of ['oneTime', 'enrolmentCount']) expect(world.storedKinds()).not.toHaveProperty(kind)
  })
})

describe('requests', () => {
  it('are limited for each address, and stop no other address', async () => {
    await using world = await testPawl({ rateLimits: true })
    for (let times = 0; times < 5; times++) await agent(world).enroll({ name: `a${times}` })
    await expect(agent(world).enroll({ name: 'b' })).rejects.toEqual(limited)
    await agent(world, '203.0.113.9').enroll({ name: 'c' })
  })

  it('wait at most 100 at a time for one address, and for one user without a word about it', async () => {
    await using world = await testPawl()
    const tokens: string[] = []
    for (let times = 0; times < 100; times++) tokens.push(await link(world))
    await expect(link(world)).rejects.toEqual(limited)
    await world.owner.enrolments.deny({ token: tokens[0] ?? '' })
    await link(world)
    await expect(link(world)).rejects.toEqual(limited)
    world.clock.advance(24 * 60 * minute)
    await link(world)
    for (let times = 0; times < 101; times++) await agent(world).enroll({ name: 'a', human_email })
    expect((await world.owner.enrolments.list()).enrollments).toHaveLength(100)
  })
})

describe('an agent that sends a public key', () => {
  // Of RFC 8032, as `ssh-keygen` writes it.
  const public_key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea bot@host'

  async function paired(world: World) {
    const made = await agent(world).enroll({ name: 'bot', public_key })
    expect(made).toMatchObject({ agent_id: nil, fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/) })
    const { fingerprint = '' } = made
    const asked = { pairing_id: made.pairing_id ?? '', poll_token: made.poll_token?.reveal() ?? '' }
    const status = () => agent(world, '203.0.113.7').status(asked)
    return { asked, status, fingerprint, token: tokenIn(made.approval_url) }
  }

  it('collects its key itself, once, in 50 parallel calls too, and the user never sees it', async () => {
    await using world = await testPawl()
    const { status, token, fingerprint } = await paired(world)
    expect(await status()).toEqual({ status: 'pending' })
    expect(await world.owner.enrolments.show({ token })).toMatchObject({ is_paired: true })
    const allowed = await world.owner.enrolments.approve({ token, fingerprint: fingerprint.slice(7, 19) })
    expect(allowed).toMatchObject({ name: 'bot', mailed: false })
    expect(allowed).not.toHaveProperty('api_key')
    const answers = await Promise.all(Array.from({ length: 50 }, status))
    const keys = answers.flatMap(({ api_key }) => api_key ?? [])
    expect(keys).toHaveLength(1)
    expect(await world.pawl.as(keys[0]?.reveal() ?? '').agents.me()).toMatchObject({ id: allowed.agent_id })
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set(['approved']))
    await world.pawl.runJobs()
    expect(world.mail.sent).toEqual([])
    const { events } = await world.owner.audit.events({ action: 'agent.enroll_collect' })
    expect(events).toMatchObject([{ actor_id: allowed.agent_id, ip_address: '203.0.113.7' }])
  })

  it('is allowed only with the fingerprint that it shows', async () => {
    await using world = await testPawl()
    const { token, fingerprint } = await paired(world)
    const stranger = createHash('sha256').update('other').digest('base64')
    for (const wrong of [undefined, stranger, fingerprint.slice(7, 18), fingerprint.slice(0, 18), '']) {
      const tried = world.owner.enrolments.approve({ token, fingerprint: wrong })
      await expect(tried).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect((await world.owner.agents.list()).agents).toEqual([])
    await world.owner.enrolments.approve({ token, fingerprint: ` ${fingerprint} ` })
  })

  it('has a fingerprint of its own, so that a stranger with the same public key does not get its key', async () => {
    await using world = await testPawl()
    const [asked, stranger] = [await paired(world), await paired(world)]
    expect(stranger.fingerprint).not.toBe(asked.fingerprint)
    const tried = world.owner.enrolments.approve({ token: stranger.token, fingerprint: asked.fingerprint })
    await expect(tried).rejects.toMatchObject({ code: 'invalid_input' })
    await world.owner.enrolments.approve({ token: asked.token, fingerprint: asked.fingerprint })
    expect(await stranger.status()).toEqual({ status: 'pending' })
    expect(await asked.status()).toMatchObject({ status: 'approved', api_key: expect.anything() })
  })

  it('gets no key with another token, after a denial, after a day, or once the user rotated it', async () => {
    await using world = await testPawl()
    const one = await paired(world)
    const other = await paired(world)
    for (const wrong of [
      { ...one.asked, poll_token: other.asked.poll_token },
      { ...one.asked, poll_token: one.token },
      { ...one.asked, pairing_id: nil },
    ]) {
      await expect(agent(world).status(wrong)).rejects.toEqual(notFound)
    }
    await world.owner.enrolments.deny({ token: one.token })
    expect(await one.status()).toEqual({ status: 'denied' })
    const { agent_id } = await world.owner.enrolments.approve({ token: other.token, fingerprint: other.fingerprint })
    await world.owner.agents.rotateKey({ agent_id })
    expect(await other.status()).toEqual({ status: 'approved', agent_id })
    const late = await paired(world)
    world.clock.advance(24 * 60 * minute)
    expect(await late.status()).toEqual({ status: 'expired' })
    await expect(world.owner.enrolments.approve({ token: late.token, fingerprint: late.fingerprint })).rejects.toEqual(
      notFound,
    )
    await world.owner.agents.delete({ agent_id })
    await expect(other.status()).rejects.toEqual(notFound)
  })

  it('gets the same answer for known and unknown addresses, and takes a place of its IP address', async () => {
    await using world = await testPawl()
    const shape = async (human_email: string) => {
      const made = await agent(world).enroll({ name: 'a', human_email, public_key })
      const { pairing_id, poll_token, fingerprint: _, ...rest } = made
      const asked = { pairing_id: pairing_id ?? '', poll_token: poll_token?.reveal() ?? '' }
      return { ...rest, ...(await agent(world).status(asked)) }
    }
    expect(await shape(human_email)).toEqual(await shape('nobody@example.com'))
    for (let times = 2; times < 100; times++) await shape(`nobody${times}@example.com`)
    await expect(shape('nobody@example.com')).rejects.toEqual(limited)
    await expect(agent(world).enroll({ name: 'a', public_key: 'ssh-ed25519 AAAA' })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
