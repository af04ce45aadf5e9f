import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

// Goal: a reader that comes back with its cursor gets every event once, in the order of its lane. Method: engines that share a
// store, start anew and rest for hours, in random order, and a reader that takes a few events at a time.

const step = fc.oneof(
  fc.record({ doing: fc.constant('work' as const), engine: fc.nat(1), times: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ doing: fc.constant('rest' as const), minutes: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ doing: fc.constant('restart' as const), engine: fc.nat(1) }),
  fc.record({ doing: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 7 }) }),
)

describe('audit.follow', () => {
  it('gives every event once, in the order of its lane, however lanes come, rest and go on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const { exclusive: _, ...storage } = memoryStorage()
        const hsm = memoryHsm()
        let seed = 0
        const first = await testPawl({ storage, hsm, seed: `engine ${seed++}` })
        const { clock } = first
        const open = () => testPawl({ storage, hsm, clock, seed: `engine ${seed++}` })
        const engines = [first, await open()]
        const got: { id: string; lane: string; sequence: number }[] = []
        let cursor: string | undefined
        const read = async (limit: number) => {
          const answer = await first.owner.audit.follow({ cursor, limit })
          cursor = answer.cursor
          got.push(...answer.events)
          return answer.events.length
        }
        for (const one of steps) {
          if (one.doing === 'rest') clock.advance(one.minutes * 60_000)
          if (one.doing === 'read') await read(one.limit)
          if (one.doing === 'restart') engines[one.engine] = await open()
          if (one.doing === 'work')
            for (let at = 0; at < one.times; at++) await engines[one.engine]?.owner.vaults.list()
        }
        // Each read leaves an event of its own, which the next one gives.
        while ((await read(1_000)) > 1);
        const { events } = await first.owner.audit.events({ limit: 1_000 })
        const ids = got.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(events.map(({ id }) => id).filter((id) => !ids.includes(id)).length).toBe(1)
        const next = new Map<string, number>()
        for (const { lane, sequence } of got) {
          expect(sequence).toBe(next.get(lane) ?? 0)
          next.set(lane, sequence + 1)
        }
      }),
      { numRuns: 25 },
    )
  })

  const texts = ['[1,-1,{}]', '[2,0,{}]', '[1,0.5,{}]', '[1,0,{"Main":1}]', '[1,0,{"main":-1}]', '[1,0,{"main":"1"}]']
  const cursors = texts.map((text) => Buffer.from(text).toString('base64url'))
  it.each(['', 'x', 'W10', ...cursors])('refuses %j as a cursor', async (cursor) => {
    await using world = await testPawl()
    await expect(world.owner.audit.follow({ cursor })).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('names no lane in its cursor that was read to its end and quiet for an hour, and goes on with one that wakes', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm()
    const first = await testPawl({ storage, hsm, seed: 'first' })
    const second = await testPawl({ storage, hsm, clock: first.clock, seed: 'second' })
    await first.owner.vaults.list()
    await second.owner.vaults.list()
    const named = (cursor: string) => Object.keys(JSON.parse(Buffer.from(cursor, 'base64url').toString())[2])
    const { events, cursor: before } = await first.owner.audit.follow({})
    expect(events.map(({ action }) => action)).toEqual(['vault.list', 'vault.list'])
    expect(named(before)).toHaveLength(2)
    first.clock.advance(60 * 60_000 + 1)
    const { cursor } = await first.owner.audit.follow({ cursor: before })
    const { cursor: after } = await first.owner.audit.follow({ cursor })
    expect(named(after)).toHaveLength(1)
    await second.owner.vaults.create({ name: 'awake' })
    const { events: more } = await first.owner.audit.follow({ cursor: after })
    expect(more.map(({ action }) => action).sort()).toEqual(['audit.follow', 'vault.create'])
    await first.close()
    await second.close()
  })
})
