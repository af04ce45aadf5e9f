import { testPawl } from '@pawl/testkit/world'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { operation, signedIn } from '../../operations/index.ts'
import { newestByKey } from './find-events.ts'

// Goal: the newest event of each key is found, and a limit on the events ends the search. Method: an operation that asks.

const ask = operation({
  name: 'keys.ask',
  summary: 'Ask for the newest events.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'keys.ask', resource: 'keys' },
  input: z.object({ events_max: z.number() }),
  output: z.object({ found: z.record(z.string(), z.number()), is_partial: z.boolean() }),
  errors: [],
  run: (context, { events_max }) => {
    const { org, id } = signedIn(context)
    const { newest, isPartial } = newestByKey(context, {
      ...{ org, askedBy: id, terms: { actor: id }, keys: new Set(['vault.create', 'vault.list']) },
      ...{ eventsMax: events_max, keysOf: ({ action }) => [action] },
    })
    return { found: Object.fromEntries(newest), is_partial: isPartial }
  },
})

it('the newest event of each key is found, and the limit on events is kept', async () => {
  await using world = await testPawl({ areas: [{ name: 'keys', operations: { ask } }] })
  const start = world.clock.now()
  for (const name of ['one', 'two']) {
    await world.owner.vaults.create({ name })
    world.clock.advance(1_000)
  }
  for (let calls = 0; calls < 5; calls++) await world.owner.vaults.list()
  const asked = (events_max: number) => world.owner.keys.ask({ events_max })
  const list = start + 2_000
  expect(await asked(100)).toEqual({ found: { 'vault.create': start + 1_000, 'vault.list': list }, is_partial: false })
  expect(await asked(5)).toEqual({ found: { 'vault.list': list }, is_partial: true })
})
