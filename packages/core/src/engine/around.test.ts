import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { type Area, fields, operation } from '../area.ts'
import type { Around } from '../operations/index.ts'

// Goal: metrics and traces see every piece of work and how it ended, under its declared name and nothing else (N5).

const failing = { name: 'notes.send', run: () => Promise.reject(new Error('no route')) }

const send = operation({
  name: 'notes.send',
  summary: 'Send a note.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ id: fields.id() }),
  output: z.object({}),
  errors: [],
  run: ({ unit, jobs, waitForJob }, { id }) => {
    waitForJob(jobs.stage(unit, failing, { id }))
    return {}
  },
})

const notes = {
  name: 'notes',
  operations: { send },
  jobs: [failing],
  scheduledTasks: [{ name: 'notes.tidy', everyMs: 1_000, run: async () => {} }],
} as const satisfies Area

test('operations, jobs and scheduled tasks run in what the host puts around them (N5)', async () => {
  const seen: string[] = []
  const around: Around = async (what, name, work) => {
    try {
      const result = await work()
      seen.push(`${what} ${name}`)
      return result
    } catch (error) {
      seen.push(`${what} ${name}: ${(error as Error).message}`)
      throw error
    }
  }
  await using world = await testPawl({ areas: [notes], around, background: false })
  seen.length = 0
  await world.owner.notes.send({ id: world.ownerId })
  await world.pawl
    .as('nothing')
    .vaults.list()
    .catch(() => {})
  world.clock.advance(1_001)
  await world.pawl.runJobs()
  expect(seen).toEqual(
    expect.arrayContaining([
      'job notes.send: no route',
      'operation notes.send',
      expect.stringMatching(/^operation vaults\.list: ./),
      'task notes.tidy',
    ]),
  )
})
