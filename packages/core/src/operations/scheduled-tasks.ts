import type { Engine, ScheduledTask } from './engine.ts'

export interface ScheduledTasks {
  /** Does what is due by the engine's clock, one task after the other. What fails is logged, and done again when it is due. */
  runDue(): Promise<void>
  /** Begins what is due. A slow task delays no other one. */
  startDue(): Promise<void>
  /** Does what is left to do before the engine closes. */
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
