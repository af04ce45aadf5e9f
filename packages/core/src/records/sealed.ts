import type { Clock } from '../ports/clock.ts'
import { HsmError } from '../ports/hsm.ts'
import { News } from './news.ts'
import type { Reading } from './reading.ts'
import type { Records } from './records.ts'
import { Replay } from './replay.ts'
import { notAsync, runUnit } from './run-unit.ts'
import type { Reads, Unit } from './unit.ts'

/** Replaces the records while the vault is sealed. Every read and every write throws `sealed`. */
export function sealedRecords(clock: Clock): Records {
  const refuse = (): never => {
    throw new HsmError('sealed', 'The vault is sealed.')
  }
  const refuseLater = async () => refuse()
  const reading: Reading = {
    get: refuseLater,
    require: refuseLater,
    find: refuseLater,
    list: refuseLater,
    page: refuseLater,
  }
  return {
    transact: async (work) => {
      const replay = new Replay()
      const unit = unitOf(replay, refuse)
      const result = await runUnit(replay, () => attempt(() => notAsync(work(unit))))
      return result()
    },
    transactIn: refuseLater,
    reading: () => reading,
    now: () => clock.now(),
    news: new News(),
    isShared: false,
    idle: async () => {},
    refusesWrites: false,
    shrink: async () => false,
  }
}

/** A unit that can still wait for work without records, such as the status of the key store. */
function unitOf(replay: Replay, refuse: () => never): Unit {
  const reads: Reads = {
    org: null,
    enter: refuse,
    get: refuse,
    getAll: refuse,
    require: refuse,
    find: refuse,
    list: refuse,
    page: refuse,
    waitFor: (work) => replay.answer(replay, work),
  }
  const staging = { put: refuse, makes: refuse, delete: refuse, check: refuse, audit: refuse, whenDiscarded: refuse }
  return { ...reads, ...staging, reading: () => reads, random: { bytes: refuse } }
}

/** Defers an error of the work, because an error does not count while an answer is missing. */
function attempt<T>(run: () => T): () => T {
  try {
    const result = run()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}
