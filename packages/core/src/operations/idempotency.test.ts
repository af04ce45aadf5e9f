import { type Origin, operation } from '@pawl/core'
import type { Area } from '@pawl/core/area'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { failing, type StorageCall } from '@pawl/testkit/wrappers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { anyCharacter } from '../../../../tools/test-run/characters.ts'
import { day, hour, minute } from '../kernel/time.ts'
import { memoryStorage } from '../ports/reference/index.ts'
import { kind } from '../records/index.ts'
import { AfterCommit } from './after-commit.ts'

// Goal: what comes with the same key is one call, whatever happens to the answer, and nobody gets another's.
// Method: an area that counts how often it was really asked, inside its unit and outside.

const counterKind = kind<{ readonly id: string; readonly count: number }>('counting.counter')

function countingArea(outside: { calls: number; fail?: boolean }) {
  const access = { signedIn: ['user', 'agent'] } as const
  const declared = {
    effect: 'write',
    access,
    idempotent: true,
    input: z.object({ by: z.number() }),
    output: z.object({ count: z.number() }),
    errors: [],
  } as const
  const add = operation({
    ...declared,
    name: 'counting.add',
    summary: 'Add to the counter of the organisation.',
    http: { method: 'POST', path: '/v1/counting', status: 201, id: 'add', tag: 'Counting' },
    audit: { action: 'counting.add', resource: 'counter' },
    run: ({ unit }, { by }) => {
      const { count = 0 } = unit.get(counterKind, 'one') ?? {}
      unit.put(counterKind, { id: 'one', count: count + by })
      return { count: count + by }
    },
  })
  const call = operation({
    ...declared,
    name: 'counting.call',
    summary: 'Call something outside that counts.',
    audit: { action: 'counting.call', resource: 'counter', settled: 'counting.settle' },
    run: () =>
      new AfterCommit({}, async () => {
        outside.calls++
        await new Promise((resolve) => setImmediate(resolve))
        if (outside.fail) throw new Error('cut off')
        return { count: outside.calls }
      }),
  })
  const area = { name: 'counting', kinds: [counterKind], operations: { add, call } } satisfies Area
  return { area, add, call }
}

async function countingWorld(options: WorldOptions = {}) {
  const outside: { calls: number; fail?: boolean } = { calls: 0 }
  const { area, add, call } = countingArea(outside)
  const world = await testPawl({ areas: [area], ...options })
  const by = (key: string | null, more: Partial<Origin> = {}): Origin => ({
    trusted: { user: world.ownerId },
    idempotencyKey: key,
    ...more,
  })
  const ask = (key: string | null, amount = 1, more: Partial<Origin> = {}) =>
    world.pawl.perform(add, { by: amount }, by(key, more))
  const askOutside = (key: string, amount = 1) => world.pawl.perform(call, { by: amount }, by(key))
  const events = async (action: string) => (await world.owner.audit.events({ action })).events
  return { ...world, outside, ask, askOutside, events }
}

describe('a call with a key', () => {
  it('is made once, and answered alike however often it is asked for', async () => {
    const { ask, events } = await countingWorld()
    const told: string[] = []
    const answeredBefore = () => told.push('before')
    expect(await ask('a', 1, { answeredBefore })).toEqual({ count: 1 })
    expect(told).toEqual([])
    expect(await ask('a', 1, { answeredBefore })).toEqual({ count: 1 })
    expect(await ask('a', 1, { answeredBefore })).toEqual({ count: 1 })
    expect(told).toEqual(['before', 'before'])
    expect(await ask('b')).toEqual({ count: 2 })
    expect((await events('counting.add')).map(({ details }) => details.outcome)).toEqual([
      undefined,
      'repeated',
      'repeated',
      undefined,
    ])
  })

  it('is made once when many ask for it at once', async () => {
    const { ask } = await countingWorld()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('a')))
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ count: 1 })))
    expect(await ask('b')).toEqual({ count: 2 })
  })

  it('is another one without its key: those calls all count', async () => {
    const { ask } = await countingWorld()
    expect([await ask(null), await ask(null)]).toEqual([{ count: 1 }, { count: 2 }])
  })

  it('is a conflict when it asks for something else', async () => {
    const { ask } = await countingWorld()
    await ask('a', 1)
    await expect(ask('a', 2)).rejects.toMatchObject({ kind: 'conflict', code: 'idempotency_key_reused' })
    expect(await ask('b')).toEqual({ count: 2 })
  })

  it('is another one when somebody else makes it', async () => {
    const { ask, agent } = await countingWorld()
    const { id } = await agent()
    await ask('a')
    expect(await ask('a', 1, { trusted: { agent: id } })).toEqual({ count: 2 })
  })

  it('gives its answer only to who may still have it', async () => {
    const { ask, member, owner } = await countingWorld()
    const { id } = await member()
    await ask('a', 1, { trusted: { user: id } })
    await owner.orgs.removeMember({ user_id: id })
    await expect(ask('a', 1, { trusted: { user: id } })).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  it('leaves its key free when it was refused', async () => {
    const { ask } = await countingWorld()
    await expect(ask('a', 'one' as never)).rejects.toMatchObject({ kind: 'invalid' })
    expect(await ask('a')).toEqual({ count: 1 })
  })

  it('is known for a day, and then nothing is left of it', async () => {
    const { ask, clock, pawl, storedKinds } = await countingWorld()
    await ask('a')
    clock.advance(day - minute)
    await pawl.runJobs()
    expect(await ask('a')).toEqual({ count: 1 })
    clock.advance(2 * minute)
    expect(await ask('a')).toEqual({ count: 2 })
    clock.advance(day + hour)
    await pawl.runJobs()
    expect(storedKinds().keyedCall ?? 0).toBe(0)
  })

  it.each([{ after: true }, { after: false }])(
    'is made once though the store fails in any of its commits (once it was done: $after)',
    async ({ after }) => {
      for (let at = 1; at <= 4; at++) {
        let isArmed = false
        const only = ({ method }: StorageCall) => isArmed && method === 'commitMany'
        const { ask } = await countingWorld({ storage: failing(memoryStorage(), { at, only, after }) })
        isArmed = true
        const insist = (key: string) => ask(key).catch(() => ask(key))
        expect([await insist('a'), await insist('b'), await insist('a')]).toEqual([1, 2, 1].map((count) => ({ count })))
        expect(await insist('c')).toEqual({ count: 3 })
      }
    },
  )

  it('has a key of 1 to 255 characters that can be printed, and the answer does not repeat it', async () => {
    const { ask } = await countingWorld()
    const fits = (key: string) => key.length > 0 && key.length <= 255 && /^[!-~]*$/.test(key)
    const key = fc.oneof(
      fc.string({ maxLength: 300, unit: anyCharacter }),
      fc.string({ minLength: 250, maxLength: 260 }),
    )
    await fc.assert(
      fc.asyncProperty(key, async (key) => {
        const error = await ask(key).then(
          () => null,
          (error: Error) => error,
        )
        if (fits(key)) expect(error).toBeNull()
        else
          expect(error).toMatchObject({ kind: 'invalid', data: { fields: { 'Idempotency-Key': expect.any(String) } } })
      }),
    )
  })
})

describe('a call to the outside with a key', () => {
  it('is made once, and answered alike', async () => {
    const { askOutside, outside } = await countingWorld()
    expect([await askOutside('a'), await askOutside('a')]).toEqual([{ count: 1 }, { count: 1 }])
    expect(outside.calls).toBe(1)
  })

  it('is not made again while it is under way', async () => {
    const { askOutside, outside } = await countingWorld()
    const results = await Promise.allSettled([askOutside('a'), askOutside('a'), askOutside('a')])
    expect(outside.calls).toBe(1)
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(refused).toEqual(['idempotency_key_in_use', 'idempotency_key_in_use'])
  })

  it('is not made again when nobody knows what came of it', async () => {
    const { askOutside, outside } = await countingWorld()
    outside.fail = true
    await expect(askOutside('a')).rejects.toMatchObject({ kind: 'internal' })
    outside.fail = false
    await expect(askOutside('a')).rejects.toMatchObject({ kind: 'conflict', code: 'idempotency_key_in_use' })
    expect(outside.calls).toBe(1)
  })
})
