import type { Engine, ScheduledTask } from './engine.ts'

export interface ScheduledTasks {
  /** Does what is due by the engine's clock. What fails is logged, and done again when it is due again. */
  runDue(): Promise<void>
  /** Does what is left to do before the engine closes. */
  close(): Promise<void>
}

export function scheduledTasks(engine: Engine, list: readonly ScheduledTask[]): ScheduledTasks {
  const lastRun = new Map(list.map(({ name }) => [name, engine.records.now()]))
  const run = async (task: ScheduledTask) => {
    lastRun.set(task.name, engine.records.now())
    await engine
      .around('task', task.name, () => task.run(engine))
      .catch((error) => engine.log('error', 'scheduled task failed', { task: task.name, error }))
  }
  return {
    runDue: async () => {
      const now = engine.records.now()
      for (const task of list) if ((lastRun.get(task.name) ?? 0) + task.everyMs <= now) await run(task)
    },
    close: async () => {
      for (const task of list) if (task.atClose) await run(task)
    },
  }
}
