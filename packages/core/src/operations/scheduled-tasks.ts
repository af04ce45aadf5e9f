import type { Engine, ScheduledTask } from './engine.ts'

export interface ScheduledTasks {
  /** Runs the tasks that are due by the engine's clock, one after the other. A failed task is logged, and runs when due again. */
  runDue(): Promise<void>
  /** Starts the due tasks in parallel. A slow task does not delay another task. */
  startDue(): Promise<void>
  /** Runs the tasks that have `atClose`. */
  close(): Promise<void>
}

export function scheduledTasks(engine: Engine, list: readonly ScheduledTask[]): ScheduledTasks {
  const lastRun = new Map(list.map(({ name }) => [name, engine.records.now()]))
  const running = new Set<string>()
  const run = async (task: ScheduledTask) => {
    const { name } = task
    lastRun.set(name, engine.records.now())
    running.add(name)
    await engine
      .around('task', name, () => task.run(engine))
      .catch((error) => engine.log('error', 'scheduled task failed', { task: name, error }))
    running.delete(name)
  }
  const isDue = ({ name, everyMs }: ScheduledTask) =>
    !running.has(name) && (lastRun.get(name) ?? 0) + everyMs <= engine.records.now()
  return {
    runDue: async () => {
      for (const task of list) if (isDue(task)) await run(task)
    },
    startDue: async () => {
      await Promise.all(list.filter(isDue).map(run))
    },
    close: async () => {
      for (const task of list) if (task.atClose) await run(task)
    },
  }
}
