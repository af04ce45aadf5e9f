import type { Engine } from './engine.ts'

// What an engine does by itself, now and then, whether or not anybody asks for anything.

export interface Chore {
  readonly name: string
  readonly everyMs: number
  /** Done once more before the engine closes. */
  readonly atClose?: true
  run(engine: Engine): Promise<void>
}

export interface Chores {
  /** Does what is due by the engine's clock. What fails is logged, and done again when it is due again. */
  runDue(): Promise<void>
  /** Does what is left to do before the engine closes. */
  close(): Promise<void>
}

export function chores(engine: Engine, list: readonly Chore[]): Chores {
  const lastRun = new Map(list.map(({ name }) => [name, engine.records.now()]))
  const run = async (chore: Chore) => {
    lastRun.set(chore.name, engine.records.now())
    await chore.run(engine).catch((error) => engine.log('error', 'chore failed', { chore: chore.name, error }))
  }
  return {
    runDue: async () => {
      const now = engine.records.now()
      for (const chore of list) if ((lastRun.get(chore.name) ?? 0) + chore.everyMs <= now) await run(chore)
    },
    close: async () => {
      for (const chore of list) if (chore.atClose) await run(chore)
    },
  }
}
