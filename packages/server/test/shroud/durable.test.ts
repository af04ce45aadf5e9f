import { memoryStorage } from '@pawl/core/ports/reference'
import { describe, expect, it, vi } from 'vitest'
import { chat, eventsOf, shroudWorld } from './world.ts'

// Goal: no word of an answer leaves before the trail has its request, and nothing that has a limit leaves before its reservation.
// Method: a store whose commits wait until the test lets them go, or fail.

function heldStorage({ isShared = false } = {}) {
  const { exclusive, ...storage } = memoryStorage()
  let gate: Promise<void> | null = null
  let waiting = 0
  return {
    storage: {
      ...storage,
      ...(isShared ? {} : { exclusive }),
      commitMany: async (...given: Parameters<typeof storage.commitMany>) => {
        waiting++
        await gate
        return storage.commitMany(...given)
      },
    },
    waiting: () => waiting,
    /** Holds all commits from now on. A test that fails lets them go too, so that its world can close. */
    hold: () => {
      waiting = 0
      let letGo = () => {}
      let fail = () => {}
      const held = new Promise<void>((resolve, reject) => {
        letGo = resolve
        fail = () => reject(new Error('the disk is full'))
      })
      // Nobody waits for it when it fails early.
      held.catch(() => {})
      gate = held
      return { letGo, fail, [Symbol.dispose]: letGo }
    },
  }
}

/** The machine can be busy. */
const patience = { timeout: 30_000 }

const ask = (stream: boolean) => chat('Hi', { stream })

describe('a request without limits', () => {
  it.each([false, true])('is answered when its events are on the disk, and not before (stream: %s)', async (stream) => {
    const held = heldStorage()
    await using world = await shroudWorld({ pawl: { storage: held.storage } })
    await world.post('/v1/chat/completions', ask(false))
    const asked = world.fake.heard.length
    using gate = held.hold()
    let isAnswered = false
    const answering = world.post('/v1/chat/completions', ask(stream)).finally(() => {
      isAnswered = true
    })
    await vi.waitFor(() => expect([world.fake.heard.length, held.waiting()]).toEqual([asked + 1, 1]), patience)
    // The model has answered, and time passes. Only the store is missing.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(isAnswered).toBe(false)
    gate.letGo()
    const answer = await answering
    expect(answer.status).toBe(200)
    expect((stream ? await eventsOf(answer) : [await answer.json()]).length).toBeGreaterThan(0)
    const { events } = await world.owner.audit.events({ action: 'shroud.request' })
    expect(events).toHaveLength(2)
  })

  it.each([false, true])('gets nothing of an answer whose request the store refused (stream: %s)', async (stream) => {
    const held = heldStorage()
    await using world = await shroudWorld({ pawl: { storage: held.storage }, reply: () => 'The secret word.' })
    await world.post('/v1/chat/completions', ask(false))
    using gate = held.hold()
    const answering = world.post('/v1/chat/completions', ask(stream))
    await vi.waitFor(() => expect(held.waiting()).toBe(1), patience)
    gate.fail()
    const answer = await answering
    expect(answer.status).toBe(503)
    expect(await answer.text()).not.toContain('secret word')
  })

  it('waits for its events before it is sent, while the store refuses to write', async () => {
    const held = heldStorage()
    await using world = await shroudWorld({ pawl: { storage: held.storage } })
    await world.post('/v1/chat/completions', ask(false))
    using gate = held.hold()
    gate.fail()
    const first = await world.post('/v1/chat/completions', ask(false))
    const asked = world.fake.heard.length
    const later = await Promise.all(Array.from({ length: 5 }, () => world.post('/v1/chat/completions', ask(false))))
    expect([first, ...later].map(({ status }) => status)).toEqual(Array(6).fill(503))
    expect(world.fake.heard.length).toBe(asked)
  })

  it('is one of at most 16 that are sent before their events are on the disk', async () => {
    const held = heldStorage()
    await using world = await shroudWorld({ pawl: { storage: held.storage } })
    await world.post('/v1/chat/completions', ask(false))
    const asked = world.fake.heard.length
    using gate = held.hold()
    const answers = Array.from({ length: 24 }, () => world.post('/v1/chat/completions', ask(false)))
    await vi.waitFor(() => expect(world.fake.heard.length).toBe(asked + 16), patience)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(world.fake.heard.length).toBe(asked + 16)
    gate.letGo()
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(24).fill(200))
    expect(world.fake.heard.length).toBe(asked + 24)
  })
})

describe('a request that must wait for the store', () => {
  const prices = { fake: { input: 1, output: 1, outputTokensMax: 100 } }

  it.each([
    ['a limit of requests', { max_requests_per_day: 100 }, false],
    ['a budget', { daily_budget_usd: 10 }, false],
    ['a store with other engines', {}, true],
  ])('is not sent before the commit: %s', async (_, config, isShared) => {
    const held = heldStorage({ isShared })
    await using world = await shroudWorld({ config, prices, pawl: { storage: held.storage } })
    await world.post('/v1/chat/completions', ask(false))
    const asked = world.fake.heard.length
    using gate = held.hold()
    const answering = world.post('/v1/chat/completions', ask(false))
    await vi.waitFor(() => expect(held.waiting()).toBe(1), patience)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(world.fake.heard.length).toBe(asked)
    gate.letGo()
    expect((await answering).status).toBe(200)
    expect(world.fake.heard.length).toBe(asked + 1)
  })
})
