import { testPawl } from '@pawl/testkit/world'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { operation, signedIn } from '../../operations/index.ts'
import { findEvents, newestByKey } from './find-events.ts'

// Goal: the newest event of each key is found, and a limit on the events ends the search. Method: an operation that asks.

const ask = operation({
  name: 'keys.ask',
  summary: 'Ask for the newest events of actors.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'keys.ask', resource: 'keys' },
  input: z.object({ events_max: z.number(), actors: z.array(z.string()), keys: z.array(z.string()) }),
  output: z.object({ found: z.array(z.object({ newest: z.record(z.string(), z.number()), is_partial: z.boolean() })) }),
  errors: [],
  run: (context, { events_max, actors, keys }) => {
    const { org, id } = signedIn(context)
    const groups = actors.map((actor) => ({
      ...{ terms: { actor }, keys: new Set(keys), keysOf: ({ action }: { action: string }) => [action] },
    }))
    const found = newestByKey(context, { org, askedBy: id, groups, eventsMax: events_max })
    return {
      found: found.map(({ newest, isPartial }) => ({ newest: Object.fromEntries(newest), is_partial: isPartial })),
    }
  },
})

const count = operation({
  name: 'keys.count',
  summary: 'Count the events of an action.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'keys.count', resource: 'keys' },
  input: z.object({ action: z.string(), offset: z.number(), limit: z.number(), count_max: z.number().optional() }),
  output: z.object({ events: z.number(), counted: z.number() }),
  errors: [],
  run: (context, { action, offset, limit, count_max }) => {
    const { org, id } = signedIn(context)
    const wanted = { org, askedBy: id, terms: { action }, offset, limit, isOpen: () => true }
    const { events, counted } = findEvents(
      context,
      count_max === undefined ? wanted : { ...wanted, countMax: count_max },
    )
    return { events: events.length, counted }
  },
})

const areas = [{ name: 'keys', operations: { ask, count } }] as const
const keys = ['vault.create', 'vault.list']

it('the newest event of each key is found, and the limit on events is kept', async () => {
  await using world = await testPawl({ areas })
  const start = world.clock.now()
  for (const name of ['one', 'two']) {
    await world.owner.vaults.create({ name })
    world.clock.advance(1_000)
  }
  for (let calls = 0; calls < 5; calls++) await world.owner.vaults.list()
  const asked = async (events_max: number) =>
    (await world.owner.keys.ask({ events_max, actors: [world.ownerId], keys })).found
  const list = start + 2_000
  const newest = { 'vault.create': start + 1_000, 'vault.list': list }
  expect(await asked(100)).toEqual([{ newest, is_partial: false }])
  expect(await asked(5)).toEqual([{ newest: { 'vault.list': list }, is_partial: true }])
})

it('events that do not fit count too, and all groups share one limit', async () => {
  await using world = await testPawl({ areas })
  const actors = ['stranger', 'other stranger']
  for (let calls = 0; calls < 10; calls++) await world.owner.vaults.list()
  const partial = async (events_max: number) =>
    (await world.owner.keys.ask({ events_max, actors, keys })).found.map(({ is_partial }) => is_partial)
  expect(await partial(100)).toEqual([false, false])
  expect(await partial(8)).toEqual([true, true])
})

it('an actor with many events takes nothing from the others', async () => {
  await using world = await testPawl({ areas })
  const quiet = await world.member()
  await quiet.as.vaults.list()
  for (let calls = 0; calls < 50; calls++) await world.owner.vaults.list()
  const { found } = await world.owner.keys.ask({
    ...{ events_max: 90, actors: [world.ownerId, quiet.id], keys: ['vault.list', 'never'] },
  })
  expect(found).toMatchObject([
    { is_partial: true },
    { newest: { 'vault.list': expect.any(Number) }, is_partial: false },
  ])
})

it('a search without a principal reads nothing', async () => {
  await using world = await testPawl({ areas })
  expect(await world.owner.keys.ask({ events_max: 5, actors: [], keys })).toEqual({ found: [] })
})

it('events are counted up to the limit of the count, and without one up to the last that was asked for', async () => {
  await using world = await testPawl({ areas })
  for (let calls = 0; calls < 12; calls++) await world.owner.vaults.list()
  const counted = (wanted: { offset: number; limit: number; count_max?: number }) =>
    world.owner.keys.count({ action: 'vault.list', ...wanted })
  expect(await counted({ offset: 0, limit: 3 })).toEqual({ events: 3, counted: 3 })
  expect(await counted({ offset: 2, limit: 3 })).toEqual({ events: 3, counted: 5 })
  expect(await counted({ offset: 0, limit: 3, count_max: 9 })).toEqual({ events: 3, counted: 9 })
  expect(await counted({ offset: 10, limit: 9, count_max: 100 })).toEqual({ events: 2, counted: 12 })
})
