import type { Engine } from './engine.ts'

// What an engine does by itself, now and then, whether or not anybody asks for anything.

export interface ScheduledTask {
  readonly name: string
  readonly everyMs: number
  /** Done once more before the engine closes. */
  readonly atClose?: true
  run(engine: Engine): Promise<void>
}

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
    await task.run(engine).catch((error) => engine.log('error', 'scheduled task failed', { task: task.name, error }))
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
