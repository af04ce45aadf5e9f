import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { type Activity, activityKind, activityTopic } from './activity.ts'

// Goal: an operator sees what happened, counted right. Method: a whole engine, events that another proxy records, and a clock
// that is turned.

const minute = 60_000
const hour = 60 * minute

async function activityWorld() {
  const world = await testPawl()
  const [writer, reader] = [await world.agent({ name: 'writer' }), await world.agent({ name: 'reader' })]
  const record = (agent_id: string, action: 'allowed' | 'warned' | 'blocked' = 'allowed') =>
    world.owner.shroud.recordActivity({ agent_id, action, provider: 'openai', model: 'small' })
  return { ...world, writer, reader, record }
}

describe('the activity', () => {
  it('is listed newest first, with the number of all such events', async () => {
    const { owner, writer, reader, record, clock, org } = await activityWorld()
    const first = await record(writer.id)
    clock.advance(1_000)
    await record(reader.id, 'blocked')
    clock.advance(1_000)
    const last = await record(writer.id, 'blocked')
    expect(last).toMatchObject({
      org_id: org,
      agent_id: writer.id,
      provider: 'openai',
      timestamp: '2026-01-01T00:00:02.000Z',
    })
    expect(await owner.shroud.listActivity({ agent_id: writer.id })).toEqual({ events: [last, first], total: 2 })
    expect(await owner.shroud.listActivity({ action: 'blocked', limit: 1 })).toEqual({ events: [last], total: 2 })
    const rest = await owner.shroud.listActivity({ agent_id: writer.id, action: 'blocked', offset: 1 })
    expect(rest).toEqual({ events: [], total: 1 })
  })

  it('has the cost of its tokens where the operator set a price for the model, and none for what was blocked', async () => {
    await using world = await testPawl({ modelPrices: { 'small*': { input: 1, output: 4 } } })
    const { id: agent_id } = await world.agent()
    const tokens = { provider: 'openai', request_tokens: 1_000, response_tokens: 500 }
    const costOf = async (model: string, action: 'allowed' | 'blocked') =>
      (await world.owner.shroud.recordActivity({ agent_id, action, model, ...tokens })).cost_usd
    expect(await costOf('small-2', 'allowed')).toBe(0.003)
    expect(await costOf('small-2', 'blocked')).toBeUndefined()
    expect(await costOf('large', 'allowed')).toBeUndefined()
    expect((await world.owner.shroud.listActivity({})).events.map(({ cost_usd }) => cost_usd)).toContain(0.003)
  })

  it('is seen by admins of its organisation alone, and recorded for agents of it alone', async () => {
    const { owner, writer, member, otherOrg, record } = await activityWorld()
    await record(writer.id)
    const { owner: stranger } = await otherOrg()
    expect(await stranger.shroud.listActivity({})).toEqual({ events: [], total: 0 })
    const foreign = stranger.shroud.recordActivity({ agent_id: writer.id, action: 'allowed' })
    await expect(foreign).rejects.toMatchObject({ code: 'agent_not_found' })
    const { as } = await member()
    await expect(as.shroud.listActivity({})).rejects.toMatchObject({ kind: 'denied' })
    await expect(writer.as.shroud.threatSummary({})).rejects.toMatchObject({ kind: 'denied' })
    expect((await owner.shroud.listActivity({})).total).toBe(1)
  })

  it('counts each of many events that come at once', async () => {
    const { owner, writer, record } = await activityWorld()
    await Promise.all(Array.from({ length: 30 }, () => record(writer.id)))
    expect((await owner.shroud.listActivity({})).total).toBe(30)
  })

  it('stays for two months, and is dropped then', async () => {
    const { owner, writer, record, clock, pawl, storedKinds } = await activityWorld()
    for (let count = 0; count < 50; count++) await record(writer.id)
    clock.advance(60 * 24 * hour)
    await record(writer.id)
    await pawl.runJobs()
    expect((await owner.shroud.listActivity({})).total).toBe(51)
    clock.advance(2 * 24 * hour)
    await pawl.runJobs()
    expect((await owner.shroud.listActivity({})).total).toBe(1)
    expect(storedKinds()).toMatchObject({ shroudActivity: 1, shroudActivityCounts: 1 })
  })
})

describe('the news of the activity', () => {
  const cursorOf = (from: number, count: number) => Buffer.from(JSON.stringify([from, count])).toString('base64url')
  const models = (events: readonly { readonly model?: string | undefined }[]) => events.map(({ model }) => model)

  async function watchedWorld() {
    const world = await activityWorld()
    const { owner, writer, clock } = world
    const happen = async (...names: string[]) => {
      for (const model of names) {
        await owner.shroud.recordActivity({ agent_id: writer.id, action: 'allowed', provider: 'openai', model })
        clock.advance(100)
      }
    }
    const after = async (cursor: string) => {
      const answer = await owner.shroud.watchActivity({ after: cursor })
      return { ...answer, models: models(answer.events) }
    }
    const watches = async () =>
      (await owner.audit.events({})).events.filter(({ action }) => action === 'shroud.watch').length
    return { ...world, happen, after, watches }
  }

  it('are events after a cursor, with those of the last moments once more, in case one of them came late', async () => {
    await using world = await watchedWorld()
    const { happen, after, owner, clock, watches } = world
    const { cursor } = await owner.shroud.watchActivity({})
    await happen('first', 'second')
    const one = await after(cursor)
    expect(one.models).toEqual(['first', 'second'])
    expect((await after(one.cursor)).models).toEqual([])
    await happen('third')
    const two = await after(one.cursor)
    expect(two.models).toEqual(['first', 'second', 'third'])
    clock.advance(minute)
    await happen('fourth')
    expect((await after(two.cursor)).models.at(-1)).toBe('fourth')
    expect(await watches()).toBe(1)
  })

  it('with an invented cursor repeat nothing old, and leave an audit event when they reach back', async () => {
    await using world = await watchedWorld()
    const { happen, after, clock, watches } = world
    await happen('one', 'two', 'three')
    clock.advance(10 * minute)
    await happen('recent')
    expect((await after(cursorOf(0, 3))).models).toEqual(['recent'])
    expect(await watches()).toBe(0)
    expect((await after(cursorOf(0, 2))).models).toEqual(['three', 'recent'])
    expect(await watches()).toBe(1)
    expect((await after(cursorOf(0, 0))).models).toHaveLength(4)
    expect(await watches()).toBe(2)
    for (const count of [501, 10_000, -1, 1.5])
      await expect(after(cursorOf(0, count))).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('wake only the calls of the organisation', () => {
    const activity = {} as Activity
    expect(activityKind.topic?.(activity, 'a')).toBe(activityTopic('a'))
    expect(activityTopic('a')).not.toBe(activityTopic('b'))
  })
})

describe('the threat summary', () => {
  it('counts a window that ends now, and the one before it', async () => {
    const { owner, writer, reader, record, clock } = await activityWorld()
    await record(writer.id)
    await record(reader.id)
    clock.advance(61 * minute)
    await record(writer.id, 'blocked')
    const summary = await owner.shroud.threatSummary({ period: '1h' })
    expect(summary).toMatchObject({ total_requests: 1, total_requests_prev: 2, blocked_requests: 1, active_agents: 1 })
    expect(await owner.shroud.threatSummary({})).toMatchObject({
      total_requests: 3,
      total_requests_prev: 0,
      active_agents: 2,
    })
    const wrong = owner.shroud.threatSummary({ period: '2h' as never })
    await expect(wrong).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('period') })
  })
})
