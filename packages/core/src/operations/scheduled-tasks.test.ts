import { expect, it } from 'vitest'
import type { Engine, ScheduledTask } from './engine.ts'
import { scheduledTasks } from './scheduled-tasks.ts'

// Goal: what must happen in time (a lease, a checkpoint) waits for nothing else. Method: a task that never ends.

it('a task that hangs delays no other task, and is not begun a second time', async () => {
  let now = 0
  const begun: string[] = []
  const task = (name: string, run: () => Promise<void>): ScheduledTask => ({
    name,
    everyMs: 1,
    run: () => {
      begun.push(name)
      return run()
    },
  })
  const engine = {
    records: { now: () => now },
    around: (_: string, __: string, work: () => Promise<void>) => work(),
    log: () => {},
  } as unknown as Engine
  const tasks = scheduledTasks(engine, [task('hangs', () => new Promise(() => {})), task('works', async () => {})])
  for (now = 10; now <= 30; now += 10) {
    void tasks.startDue()
    await Promise.resolve()
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(begun).toEqual(['hangs', 'works', 'works', 'works'])
})
