import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { fromBase64url, fromUtf8 } from '../../kernel/bytes.ts'

// Goal: a key of an agent is worth something exactly as long as it should be, and so is what was made from it.
// Method: a whole engine in memory; every credential is tried before and after.

const refused = expect.objectContaining({ code: 'not_authenticated' })
const minute = 60_000

async function withAgent(fields: object = {}) {
  const world = await testPawl()
  const agent = await world.agent(fields)
  const exchange = (api_key: string) => world.pawl.as({}).auth.agentToken({ api_key })
  return {
    ...world,
    agent,
    another: () => world.agent(),
    exchange,
    token: async (key: string) => (await exchange(key)).access_token.reveal(),
    works: (bearer: string) =>
      world.pawl
        .as(bearer)
        .agents.me()
        .then(
          () => true,
          () => false,
        ),
    rotate: async (overlap_seconds?: number) =>
      (await world.owner.agents.rotateKey({ agent_id: agent.id, overlap_seconds })).api_key.reveal(),
    change: (fields: object) => world.owner.agents.update({ agent_id: agent.id, ...fields }),
  }
}

describe('rotating a key', () => {
  it('ends the old key and every token of the agent at once (§8.5, C9)', async () => {
    await using world = await withAgent()
    const { key } = world.agent
    const token = await world.token(key)
    expect([await world.works(key), await world.works(token)]).toEqual([true, true])
    const next = await world.rotate()
    expect(next).toMatch(/^ocv_[\w-]{43}$/)
    expect([await world.works(key), await world.works(token), await world.works(next)]).toEqual([false, false, true])
    await expect(world.exchange(key)).rejects.toThrow()
    expect(await world.works(await world.token(next))).toBe(true)
  })

  it('with an overlap lets the old key and its tokens live that long, and not longer', async () => {
    await using world = await withAgent()
    const { key } = world.agent
    const token = await world.token(key)
    const next = await world.rotate(600)
    const late = await world.token(key)
    world.clock.advance(10 * minute - 1)
    expect(await Promise.all([key, token, late, next].map(world.works))).toEqual([true, true, true, true])
    world.clock.advance(1)
    expect(await Promise.all([key, token, late, next].map(world.works))).toEqual([false, false, false, true])
  })

  it('never leaves more than two keys, and without an overlap exactly one', async () => {
    await using world = await withAgent()
    const first = world.agent.key
    const second = await world.rotate(3_600)
    const third = await world.rotate(3_600)
    expect(await Promise.all([first, second, third].map(world.works))).toEqual([false, true, true])
    const fourth = await world.rotate()
    expect(await Promise.all([first, second, third, fourth].map(world.works))).toEqual([false, false, false, true])
  })

  it('does not make an old key live longer than it would have', async () => {
    await using world = await withAgent({ api_key_expires_at: '2026-01-01T00:01:00Z' })
    await world.rotate(86_400)
    world.clock.advance(minute)
    expect(await world.works(world.agent.key)).toBe(false)
  })

  it('takes an overlap of a day at most', async () => {
    await using world = await withAgent()
    for (const overlap of [-1, 86_401, 1.5, Number.NaN]) await expect(world.rotate(overlap)).rejects.toThrow('overlap')
  })

  it('without an overlap voids tokens whatever they came from, by the epoch they were made in', async () => {
    await using world = await withAgent()
    const epoch = async (key: string) => {
      const [, body = ''] = (await world.token(key)).split('.')
      return JSON.parse(fromUtf8(fromBase64url(body) ?? new Uint8Array(0))).epoch
    }
    expect(await epoch(await world.rotate(60))).toBe(0)
    expect(await epoch(await world.rotate())).toBe(1)
  })

  it('of two at once leaves one key that works', async () => {
    await using world = await withAgent()
    const keys = await Promise.all([world.rotate(), world.rotate(), world.rotate()])
    const working = await Promise.all(keys.map(world.works))
    expect(working.filter(Boolean)).toHaveLength(1)
    expect(await world.works(world.agent.key)).toBe(false)
  })

  it('touches the keys of no other agent (C6)', async () => {
    await using world = await withAgent()
    const other = await world.another()
    await world.rotate()
    expect(await world.works(other.key)).toBe(true)
  })
})

describe('the end of a key', () => {
  it('comes at the time that was said; the agent lives on, and a rotation gives a key that works', async () => {
    await using world = await withAgent({ api_key_expires_at: '2026-01-01T01:00:00Z' })
    const { key } = world.agent
    world.clock.advance(60 * minute - 1)
    expect(await world.works(key)).toBe(true)
    world.clock.advance(1)
    expect(await world.works(key)).toBe(false)
    expect(await world.works(await world.rotate())).toBe(true)
    expect((await world.owner.agents.get({ agent_id: world.agent.id })).api_key_expires_at).toBeUndefined()
  })

  it('can be moved and cleared', async () => {
    await using world = await withAgent({ api_key_expires_at: '2026-01-01T01:00:00Z' })
    expect(await world.change({ api_key_expires_at: '2026-01-01T02:00:00Z' })).toMatchObject({
      api_key_expires_at: '2026-01-01T02:00:00.000Z',
    })
    world.clock.advance(90 * minute)
    expect(await world.works(world.agent.key)).toBe(true)
    expect((await world.change({ api_key_expires_at: null })).api_key_expires_at).toBeUndefined()
    world.clock.advance(90 * minute)
    expect(await world.works(world.agent.key)).toBe(true)
  })

  it('stays with the next key while it is still to come', async () => {
    await using world = await withAgent({ api_key_expires_at: '2026-01-01T01:00:00Z' })
    const next = await world.rotate()
    world.clock.advance(60 * minute)
    expect(await world.works(next)).toBe(false)
  })
})

describe('switching an agent off', () => {
  it('refuses keys, tokens and callers inside the process at once (C9)', async () => {
    await using world = await withAgent()
    const token = await world.token(world.agent.key)
    await world.change({ is_active: false })
    expect(await Promise.all([world.agent.key, token].map(world.works))).toEqual([false, false])
    await expect(world.agent.as.agents.me()).rejects.toEqual(refused)
    await expect(world.exchange(world.agent.key)).rejects.toThrow()
  })

  it('ends tokens for good, and the key only meanwhile', async () => {
    await using world = await withAgent()
    const token = await world.token(world.agent.key)
    await world.change({ is_active: false })
    await world.change({ is_active: true })
    expect(await world.works(token)).toBe(false)
    expect(await world.works(world.agent.key)).toBe(true)
  })

  it('is what the end of its time comes to (§8.5)', async () => {
    await using world = await withAgent({ expires_at: '2026-01-01T01:00:00Z' })
    const token = await world.token(world.agent.key)
    world.clock.advance(60 * minute)
    expect(await Promise.all([world.agent.key, token].map(world.works))).toEqual([false, false])
    await world.change({ expires_at: null })
    expect(await world.works(world.agent.key)).toBe(true)
  })
})

describe('the lifetime of a token', () => {
  it('is an hour when nothing was said, and what was said otherwise (C11, §3.2)', async () => {
    await using world = await withAgent()
    expect((await world.exchange(world.agent.key)).expires_in).toBe(3_600)
    await world.change({ token_ttl_seconds: 300 })
    expect((await world.exchange(world.agent.key)).expires_in).toBe(300)
    expect((await world.change({ token_ttl_seconds: null })).token_ttl_seconds).toBeUndefined()
    for (const token_ttl_seconds of [59, 0, -1, 60.5, '300', 2_592_001]) {
      await expect(world.change({ token_ttl_seconds })).rejects.toThrow('token_ttl_seconds')
    }
  })
})
