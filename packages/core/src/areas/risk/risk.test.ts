import { createPawl, geoFrom, type PawlClient } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions, worldDefaults } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../kernel/ip.ts'

// Goal: whoever reads a honeytoken cannot tell it from another secret and cannot do anything afterwards, and what is unusual is
// found, explained and told once. Method: a whole vault with a clock that the test turns, and where it matters, two engines.

const canary = 'canary/secret-key'
const other = 'canary/another-1'
const day = 86_400_000
const refused = expect.objectContaining({ code: 'not_authenticated' })
const value = tagged('hunter2-hunter2')

async function withCanary(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  for (const path of [canary, other]) await owner.secrets.put({ vault_id, path, value })
  const { honeytoken } = await owner.risk.createHoneytoken({ vault_id, secret_path: canary, notes: 'Nothing uses it.' })
  const agent = await world.agent({ vault: vault_id })
  const { access_token } = await world.pawl.as({}).auth.agentToken({ api_key: agent.key })
  return { world, owner, vault_id, honeytoken, agent, as: world.pawl.as(access_token.reveal()) }
}

/** Everything that was begun has ended. */
const settled = ({ pawl }: Pick<World, 'pawl'>) => pawl.runJobs()

const from = (world: World, key: string, ip: string) => world.pawl.as({ bearer: key, ip: parseAddress(ip) })

const reads = async (as: PawlClient, vault_id: string, count: number) => {
  for (let at = 0; at < count; at++) await as.secrets.get({ vault_id, path: `app/key-${at}` })
}

describe('a honeytoken', () => {
  it('gives its reader the value, ends all tokens, and blocks every sign-in until a human clears it', async () => {
    const { world, owner, vault_id, honeytoken, agent, as } = await withCanary()
    await using _ = world
    const elsewhere = (await world.pawl.as({}).auth.agentToken({ api_key: agent.key })).access_token.reveal()
    expect((await as.secrets.get({ vault_id, path: canary })).value?.reveal()).toBe(value)
    // At once: before anything else had a chance to run.
    await expect(as.secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
    await settled(world)
    for (const bearer of [elsewhere, agent.key]) {
      await expect(world.pawl.as(bearer).secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
    }
    const signIn = () => world.pawl.as({}).auth.agentToken({ api_key: agent.key })
    await expect(signIn()).rejects.toMatchObject({ kind: 'unauthenticated' })
    world.clock.advance(30 * day)
    await expect(signIn()).rejects.toMatchObject({ kind: 'unauthenticated' })
    const about = { principal_type: 'agent', principal_id: agent.id } as const
    const { verdict } = await owner.risk.verdict(about)
    expect(verdict).toMatchObject({
      ...about,
      score: 100,
      severity: 'critical',
      expires_at: '9999-12-31T23:59:59.000Z',
    })
    expect(verdict?.reasons).toEqual([
      {
        detector: 'honeytoken_access',
        severity: 'critical',
        description: expect.stringContaining('honeytoken'),
        metadata: expect.objectContaining({ path: canary, threshold: 1, clears: expect.any(String) }),
      },
    ])
    const { honeytokens } = await owner.risk.honeytokens()
    expect(honeytokens).toEqual([{ ...honeytoken, triggered_count: 1, last_triggered_at: '2026-01-01T00:00:00.000Z' }])
    await owner.risk.clearVerdict(about)
    expect(await owner.risk.verdict(about)).toEqual({ verdict: null })
    const { access_token } = await signIn()
    await world.pawl.as(access_token.reveal()).secrets.get({ vault_id, path: other })
    // The old token stays dead.
    await expect(as.secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
  })

  it('tells the owner by a risk event, an audit event and a webhook', async () => {
    const { world, owner, vault_id, honeytoken, agent, as } = await withCanary()
    await using _ = world
    await owner.webhooks.create({
      url: 'https://hooks.example.com/pawl',
      events: ['risk.honeytoken_triggered', 'risk.verdict_raised'],
    })
    await as.secrets.get({ vault_id, path: canary })
    await settled(world)
    const { events } = await owner.risk.events({ severity: 'critical', principal_type: 'agent' })
    expect(events).toEqual([
      expect.objectContaining({
        ...{ event_type: 'honeytoken_access', principal_id: agent.id, severity: 'critical', org_id: world.org },
        payload: expect.objectContaining({ honeytoken_id: honeytoken.id, path: canary, vault_id }),
      }),
    ])
    expect((await owner.risk.events({ severity: 'low' })).events).toEqual([])
    expect((await owner.risk.events({ principal_type: 'user' })).events).toEqual([])
    const told = async (action: string) => (await owner.audit.events({ action })).events
    expect(await told('risk.honeytoken_trigger')).toMatchObject([{ actor_type: 'system', resource_id: honeytoken.id }])
    expect(await told('risk.verdict_raise')).toMatchObject([{ resource_type: 'agent', resource_id: agent.id }])
    const [hook] = (await owner.webhooks.list()).webhooks
    const { deliveries } = await owner.webhooks.deliveries({ webhook_id: hook?.id ?? '' })
    expect(deliveries.map(({ event }) => event).sort()).toEqual(['risk.honeytoken_triggered', 'risk.verdict_raised'])
  })

  it('cannot be told from another secret: by the answer, by the audit event, or by what is stored before the answer', async () => {
    const committed: string[][] = []
    const { world, vault_id, as, agent } = await withCanary({ onCommit: (kind) => void committed.at(-1)?.push(kind) })
    await using _ = world
    const answers: string[] = []
    for (const path of [other, canary]) {
      committed.push([])
      const secret = await as.secrets.get({ vault_id, path })
      committed.push([])
      answers.push(JSON.stringify({ ...secret, id: '', value: secret.value?.reveal() }).replaceAll(path, '-'))
      await settled(world)
    }
    expect(answers[1]).toBe(answers[0])
    expect(committed[2]).toEqual(committed[0])
    const { events } = await world.owner.audit.events({ actor_id: agent.id, action: 'secret.read' })
    const [second, first] = events.map(({ id: _, resource_id: __, ...event }) =>
      JSON.stringify(event).replaceAll(canary, '-').replaceAll(other, '-'),
    )
    expect(second).toBe(first)
  })

  it('makes one verdict of 50 reads at once, and counts each that gave the value', async () => {
    const { world, owner, vault_id, as } = await withCanary()
    await using _ = world
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => as.secrets.get({ vault_id, path: canary })))
    const given = all.filter(({ status }) => status === 'fulfilled').length
    expect(given).toBeGreaterThan(0)
    await settled(world)
    expect((await owner.risk.verdicts()).verdicts).toHaveLength(1)
    expect((await owner.audit.events({ action: 'risk.verdict_raise' })).events).toHaveLength(1)
    expect((await owner.risk.honeytokens()).honeytokens[0]?.triggered_count).toBe(given)
    expect((await owner.risk.events({ limit: 100 })).events).toHaveLength(given)
  })

  it.each(['getMany', 'getVersion', 'share'] as const)('is found however its value is read: %s', async (how) => {
    const { world, owner, vault_id, agent, as } = await withCanary()
    await using _ = world
    if (how === 'getMany') await as.secrets.getMany({ vault_id, paths: [other, canary] })
    if (how === 'getVersion') await as.secrets.getVersion({ vault_id, path: canary, version: 1 })
    if (how === 'share') {
      const share = await owner.sharing.createByPath({
        vault_id,
        secret_path: canary,
        recipient_type: 'anyone_with_link',
      })
      await world.pawl.as({}).sharing.access({ share_id: share.id })
    }
    await settled(world)
    const suspect = how === 'share' ? world.ownerId : agent.id
    if (how !== 'share') await expect(as.secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
    const second = await world.pawl.setOwnerPassword('Correct-Horse-1815')
    expect(second).not.toBeNull()
    const { events } = await owner.risk.events()
    expect(events).toMatchObject([{ event_type: 'honeytoken_access', principal_id: suspect }])
  })

  it('does not react to a refused read, to lists, or to a read before it was one', async () => {
    const { world, owner, vault_id, as } = await withCanary()
    await using _ = world
    const stranger = await world.agent()
    await expect(stranger.as.secrets.get({ vault_id, path: canary })).rejects.toMatchObject({ code: 'denied' })
    await as.secrets.list({ vault_id })
    await as.secrets.get({ vault_id, path: other })
    await owner.risk.createHoneytoken({ vault_id, secret_path: other })
    await settled(world)
    world.clock.advance(1)
    await settled(world)
    expect((await owner.risk.events()).events).toEqual([])
    await as.secrets.get({ vault_id, path: other })
    await settled(world)
    expect((await owner.risk.events()).events).toHaveLength(1)
  })

  it('is a usual secret again once it is deleted, and can be made before the secret is there', async () => {
    const { world, owner, vault_id, honeytoken, as } = await withCanary()
    await using _ = world
    expect(await owner.risk.deleteHoneytoken({ honeytoken_id: honeytoken.id })).toEqual({ deleted: true })
    await as.secrets.get({ vault_id, path: canary })
    await owner.risk.createHoneytoken({ vault_id, secret_path: 'later/one' })
    await owner.secrets.put({ vault_id, path: 'later/one', value })
    await as.secrets.get({ vault_id, path: 'later/one' })
    await expect(as.secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
    const place = { vault_id, secret_path: 'later/one' }
    await expect(owner.risk.createHoneytoken(place)).rejects.toMatchObject({ code: 'honeytoken_exists' })
  })

  it('blocks a user for passwords and keys too, and the operator lets the last owner in again', async () => {
    const { world, owner, vault_id } = await withCanary()
    await using _ = world
    await world.pawl.setOwnerPassword('Correct-Horse-1815')
    const signIn = (password: string) => world.pawl.as({}).auth.token({ email: 'owner@example.com', password })
    const session = world.pawl.as((await signIn('Correct-Horse-1815')).access_token.reveal())
    await session.secrets.get({ vault_id, path: canary })
    await settled(world)
    await expect(owner.vaults.list()).rejects.toEqual(refused)
    await expect(signIn('Correct-Horse-1815')).rejects.toMatchObject({ code: 'wrong_password' })
    await world.pawl.setOwnerPassword('Correct-Horse-1816')
    const again = world.pawl.as((await signIn('Correct-Horse-1816')).access_token.reveal())
    expect((await again.risk.verdicts()).verdicts).toEqual([])
  })

  it('is made known by one engine, read at another, and found after a crash between the read and what follows', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const { world, owner, vault_id, agent, as } = await withCanary({ storage, hsm })
    await using __ = world
    const shared = { storage, hsm, clock: world.clock, background: false, rateLimits: false } as const
    const second = await createPawl(shared)
    const token = (await second.as({}).auth.agentToken({ api_key: agent.key })).access_token.reveal()
    await second.as(token).secrets.get({ vault_id, path: canary })
    await second.runJobs()
    for (const pawl of [second, world.pawl]) {
      await expect(pawl.as(token).secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
    }
    await expect(as.secrets.get({ vault_id, path: other })).rejects.toEqual(refused)
    expect((await owner.risk.events()).events).toHaveLength(1)
  })
})

describe('a detector', () => {
  const geo = geoFrom(`network,country,latitude,longitude,city
198.51.100.0/24,CH,47.37,8.54,Zurich
203.0.113.0/24,AU,-33.87,151.21,Sydney
2001:db8::/32,CH,46.95,7.45,Bern
`)

  async function withSecrets(options: WorldOptions = {}) {
    const world = await testPawl(options)
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    const agent = await world.agent({ vault: vault_id })
    for (let at = 0; at < 40; at++) await owner.secrets.put({ vault_id, path: `app/key-${at}`, value })
    const verdict = async () => (await owner.risk.verdict({ principal_type: 'agent', principal_id: agent.id })).verdict
    return { world, owner, vault_id, agent, verdict }
  }

  it('notes the first address silently and each new network once, without a block', async () => {
    const { world, owner, vault_id, agent, verdict } = await withSecrets()
    await using _ = world
    const path = 'app/key-0'
    for (const ip of ['198.51.100.7', '198.51.100.8', '203.0.113.5', '203.0.113.9', '198.51.100.7']) {
      await from(world, agent.key, ip).secrets.get({ vault_id, path })
      await settled(world)
    }
    const { events } = await owner.risk.events()
    expect(events).toMatchObject([
      { event_type: 'first_seen', severity: 'low', ip: '203.0.113.5', country_code: null, latitude: null },
    ])
    expect(await verdict()).toMatchObject({ severity: 'low', score: 25, expires_at: '2026-01-01T00:15:00.000Z' })
    world.clock.advance(day)
    expect(await verdict()).toBeNull()
  })

  it('finds two requests that are too far apart for the time between them, and blocks a new sign-in for 15 minutes', async () => {
    const { world, owner, vault_id, agent, verdict } = await withSecrets({ geo })
    await using _ = world
    const path = 'app/key-0'
    const { access_token } = await world.pawl.as({}).auth.agentToken({ api_key: agent.key })
    const as = (ip: string) => from(world, access_token.reveal(), ip)
    await as('198.51.100.7').secrets.get({ vault_id, path })
    await settled(world)
    world.clock.advance(20 * 60_000)
    await as('198.51.100.7').secrets.get({ vault_id, path })
    world.clock.advance(10 * 60_000)
    await as('203.0.113.5').secrets.get({ vault_id, path })
    await settled(world)
    const { events } = await owner.risk.events({ severity: 'high' })
    expect(events).toMatchObject([{ event_type: 'geo_velocity', country_code: 'AU', city: 'Sydney', latitude: -33.87 }])
    expect(events[0]?.payload).toMatchObject({ minutes: 10, threshold: 900, from: 'CH', to: 'AU' })
    expect((await verdict())?.reasons.map(({ detector }) => detector)).toEqual(['first_seen', 'geo_velocity'])
    // Tokens that are there go on; a key is a new sign-in each time.
    await as('203.0.113.5').secrets.get({ vault_id, path })
    await expect(from(world, agent.key, '198.51.100.7').secrets.get({ vault_id, path })).rejects.toEqual(refused)
    world.clock.advance(15 * 60_000)
    await from(world, agent.key, '198.51.100.7').secrets.get({ vault_id, path })
    expect(await verdict()).toBeNull()
  })

  it('lets no one clear a verdict about themselves, and counts on after a restart and from other engines', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const { world, owner, vault_id, agent, verdict } = await withSecrets({ storage, hsm })
    await using __ = world
    await owner.orgs.changeSetting({ key: 'risk_denied', value: 10 })
    const self = { principal_type: 'user', principal_id: world.ownerId } as const
    await expect(owner.risk.clearVerdict(self)).rejects.toMatchObject({ code: 'denied' })
    const shared = { storage, hsm, clock: world.clock, background: false, rateLimits: false } as const
    const second = await createPawl(shared)
    const tries = async (as: PawlClient, count: number) => {
      for (let at = 0; at < count; at++) await as.secrets.delete({ vault_id, path: `app/key-${at}` }).catch(() => {})
    }
    await tries(agent.as, 5)
    await settled(world)
    await tries(second.as({ agent: agent.id }), 4)
    await settled({ pawl: second })
    expect(await verdict()).toBeNull()
    await tries(second.as({ agent: agent.id }), 1)
    await settled({ pawl: second })
    expect(await verdict()).toMatchObject({ severity: 'medium', reasons: [{ detector: 'denied_storm' }] })
  })

  it('says nothing about a flight that takes its time', async () => {
    const { world, owner, vault_id, agent } = await withSecrets({ geo })
    await using _ = world
    for (const ip of ['198.51.100.7', '203.0.113.5']) {
      await from(world, agent.key, ip).secrets.get({ vault_id, path: 'app/key-0' })
      await settled(world)
      world.clock.advance(day)
    }
    const { events } = await owner.risk.events()
    expect(events).toMatchObject([{ event_type: 'first_seen', severity: 'medium' }])
  })

  it('finds a storm of refused requests, from the number that the organisation sets', async () => {
    const { world, owner, vault_id, verdict, agent } = await withSecrets()
    await using _ = world
    await owner.orgs.changeSetting({ key: 'risk_denied', value: 12 })
    const tries = async (count: number) => {
      for (let at = 0; at < count; at++)
        await agent.as.secrets.delete({ vault_id, path: `app/key-${at}` }).catch(() => {})
      await settled(world)
    }
    await tries(11)
    expect(await verdict()).toBeNull()
    await tries(1)
    expect(await verdict()).toMatchObject({ severity: 'medium', reasons: [{ detector: 'denied_storm' }] })
    expect((await verdict())?.reasons[0]?.metadata).toMatchObject({ observed: 12, threshold: 12, window_seconds: 300 })
    await tries(20)
    expect((await owner.audit.events({ action: 'risk.verdict_raise' })).events).toHaveLength(1)
    // It rests for a minute, and a storm that goes on is worse then.
    await tries(100)
    world.clock.advance(61_000)
    await tries(1)
    expect((await verdict())?.reasons[0]).toMatchObject({
      severity: 'high',
      metadata: { observed: 133, threshold: 12 },
    })
    expect((await owner.audit.events({ action: 'risk.verdict_raise' })).events).toHaveLength(2)
    await owner.orgs.changeSetting({ key: 'risk_denied', value: 0 })
    world.clock.advance(day)
    await tries(40)
    expect(await verdict()).toBeNull()
  })

  it('finds a burst of requests, from the threshold or six times the usual, and explains it', async () => {
    const world = await testPawl()
    await using _ = world
    const { owner } = world
    const agent = await world.agent()
    const about = { principal_type: 'agent', principal_id: agent.id } as const
    const verdict = async () => (await owner.risk.verdict(about)).verdict
    await owner.orgs.changeSetting({ key: 'risk_requests', value: 1_000 })
    const calls = async (count: number) => {
      for (let at = 0; at < count; at++) await agent.as.vaults.list()
      await settled(world)
    }
    // A principal of less than a day has nothing usual yet.
    await calls(1_000)
    expect(await verdict()).toBeNull()
    world.clock.advance(day)
    await calls(999)
    expect(await verdict()).toBeNull()
    await calls(1)
    const found = await verdict()
    expect(found).toMatchObject({ severity: 'medium', score: 50, reasons: [{ detector: 'burst', severity: 'medium' }] })
    expect(found?.reasons[0]).toMatchObject({
      description: '1000 requests in 60 seconds. The threshold is 1000.',
      metadata: { observed: 1_000, threshold: 1_000, usual: 0, window_seconds: 60 },
    })
    expect(found?.reasons[0]?.metadata).toMatchObject({
      audit_event: expect.any(String),
      clears: expect.stringContaining('15 minutes'),
    })
    // An owner says that it is usual. From then on, six times as much is a burst.
    await owner.risk.clearVerdict(about)
    world.clock.advance(day)
    await calls(1_001)
    expect(await verdict()).toBeNull()
  })

  it('counts on after a restart', async () => {
    const { close: _, ...kept } = memoryStorage()
    const [storage, hsm] = [{ ...kept, close: async () => {} }, memoryHsm(worldDefaults)]
    const { world, owner, vault_id, agent } = await withSecrets({ storage, hsm })
    await owner.orgs.changeSetting({ key: 'risk_denied', value: 10 })
    const tries = async (as: PawlClient, count: number) => {
      for (let at = 0; at < count; at++) await as.secrets.delete({ vault_id, path: `app/key-${at}` }).catch(() => {})
    }
    await tries(agent.as, 9)
    await settled(world)
    await world.close()
    const pawl = await createPawl({
      ...worldDefaults,
      storage,
      hsm,
      clock: world.clock,
      background: false,
      rateLimits: false,
    })
    const verdict = async () => {
      await pawl.runJobs()
      return pawl.as({ user: world.ownerId }).risk.verdict({ principal_type: 'agent', principal_id: agent.id })
    }
    // The first block makes the engine read the trail.
    await tries(pawl.as({ agent: agent.id }), 1)
    expect(await verdict()).toMatchObject({ verdict: null })
    await tries(pawl.as({ agent: agent.id }), 1)
    expect((await verdict()).verdict).toMatchObject({ reasons: [{ detector: 'denied_storm' }] })
    await pawl.close()
  })

  it('finds an agent that reads many more secrets than it usually does, and learns from a human who clears it', async () => {
    const { world, owner, vault_id, agent, verdict } = await withSecrets()
    await using _ = world
    await owner.orgs.changeSetting({ key: 'risk_secrets', value: 20 })
    const about = { principal_type: 'agent', principal_id: agent.id } as const
    // A new agent has nothing usual yet. What it does is.
    const busy = await world.agent({ vault: vault_id })
    await reads(busy.as, vault_id, 40)
    await settled(world)
    world.clock.advance(60 * day)
    await reads(busy.as, vault_id, 15)
    await settled(world)
    world.clock.advance(day)
    await reads(busy.as, vault_id, 40)
    await settled(world)
    expect((await owner.risk.events()).events).toEqual([])
    await reads(agent.as, vault_id, 3)
    await settled(world)
    expect(await verdict()).toBeNull()
    world.clock.advance(60 * day)
    await reads(agent.as, vault_id, 40).catch(() => {})
    await settled(world)
    expect(await verdict()).toMatchObject({ severity: 'high', reasons: [{ detector: 'exfiltration' }] })
    await owner.risk.clearVerdict(about)
    world.clock.advance(day)
    await reads(agent.as, vault_id, 40)
    await settled(world)
    expect(await verdict()).toBeNull()
  })
})

describe('a geo file', () => {
  it('answers with the smallest network, and names the line that does not fit', () => {
    const geo = geoFrom('network,country,latitude,longitude,city\r\n10.0.0.0/8,CH,1,2,\r\n10.1.0.0/16,DE,3,4.5,Ulm\r\n')
    const at = (ip: string) => geo.locate(parseAddress(ip) ?? { version: 4, words: [0] })
    expect(at('10.1.2.3')).toEqual({ country: 'DE', city: 'Ulm', latitude: 3, longitude: 4.5 })
    expect(at('10.2.2.3')).toEqual({ country: 'CH', city: null, latitude: 1, longitude: 2 })
    expect(at('11.0.0.1')).toBeNull()
    expect(at('::1')).toBeNull()
    for (const row of ['10.0.0.0/8,CH,91,0,', '10.0.0.0/33,CH,1,1,', '10.0.0.0/8,ch,1,1,', '10.0.0.0/8,CH,1,1', 'x'])
      expect(() => geoFrom(`network,country,latitude,longitude,city\n\n${row}`)).toThrow('Line 3')
    expect(() => geoFrom('10.0.0.0/8,CH,1,1,')).toThrow('first line')
  })
})
