import { createPawl, type Pawl } from '@pawl/core'
import { type Crypto, type Hsm, HsmError, type Storage, StorageUnusable } from '@pawl/core/ports'
import { type manualClock, memoryMailer, seededRandom } from '@pawl/core/ports/reference'
import type { OpenedStorage } from '../conformance/storage.ts'
import { cheapPasswords } from '../world/world.ts'
import { interceptHsm } from '../wrappers/hsm.ts'
import type { Interceptor } from '../wrappers/intercept.ts'
import { interceptStorage } from '../wrappers/storage.ts'
import type { Chance, Schedule } from './schedule.ts'

/** Callers of an engine that died get this error. Their calls may have happened or not. */
export class Died extends Error {
  override readonly name = 'Died'
}

/** One life of an engine, from its opening to its death. */
export interface Life {
  readonly pawl: Pawl
  /** The latest time that this engine must know of: what has ended by then has ended for good. */
  knows: number
  /** The answer, unless the engine dies before it. */
  unlessDead<T>(work: Promise<T>): Promise<T>
}

export interface EnginesOptions {
  readonly opened: OpenedStorage
  readonly hsm: Hsm
  readonly crypto: Crypto
  readonly clock: ReturnType<typeof manualClock>
  readonly seed: string
  readonly count: number
  readonly chance: Chance
  readonly schedule: Schedule
  /** How often a call to a port fails, of a thousand. */
  readonly failures: number
}

export interface Engines {
  /** Those that are open. */
  readonly living: readonly Life[]
  /** The latest time that any engine has stored. */
  latest: number
  open(): Promise<void>
  /** Ends one engine in the middle of its work, and lets the next one open in its place. */
  crash(): Promise<void>
  /** Whether nothing fails for now. */
  calmDown(isCalm: boolean): void
  close(): Promise<void>
}

export function engines(options: EnginesOptions): Engines {
  const { opened, clock, seed, count, chance, schedule } = options
  const slots = Array.from({ length: count }, (_, at) => ({
    name: `engine ${at + 1}`,
    lives: 0,
    life: null as Begun | null,
  }))
  let isCalm = false
  let latest = 0
  let storage = opened.storage

  const handle = <Call extends { readonly method: string }>(mortal: object, name: string, error: () => Error) => {
    const around: Interceptor<Call> = async ({ method }, work) => {
      await schedule.turn(mortal, `${name} ${method}`)
      const fate = isCalm ? 1_000 : chance.below(1_000)
      if (fate < options.failures) throw error()
      const answer = await schedule.outside(work)
      await schedule.turn(mortal, `${name} ${method} answered`)
      if (fate < options.failures * 2) throw error()
      return answer
    }
    return around
  }

  const live = async (slot: (typeof slots)[number]): Promise<void> => {
    const life = newLife(latest)
    slot.life = life
    const seedOfLife = `${seed} ${slot.name} ${++slot.lives}`
    const storageFails = () => new StorageUnusable('The storage fails on purpose.')
    const hsmFails = () => new HsmError('unavailable', 'The HSM fails on purpose.')
    const parts = {
      storage: interceptStorage(storage as Storage, handle(life, slot.name, storageFails)),
      hsm: interceptHsm(options.hsm, handle(life, `${slot.name} hsm`, hsmFails)),
    }
    const opening = createPawl({
      ...parts,
      clock,
      crypto: options.crypto,
      mailer: memoryMailer(),
      random: seededRandom(seedOfLife),
      background: false,
      rateLimits: false,
      passwordCost: cheapPasswords,
    })
    // An engine that cannot open retries. A dead one does not.
    opening.then(
      (pawl) => {
        life.pawl = pawl
      },
      async () => {
        await schedule.turn(life, `${slot.name} could not open`)
        await live(slot)
      },
    )
  }

  return {
    get living() {
      return slots.flatMap(({ life }) => (life && isOpen(life) ? [life] : []))
    },
    get latest() {
      return latest
    },
    set latest(time) {
      latest = time
    },
    open: async () => {
      for (const slot of slots) await live(slot)
    },
    crash: async () => {
      const slot = chance.pick(slots)
      if (!slot.life) return
      schedule.note(`${slot.name} dies`)
      schedule.drop(slot.life)
      slot.life.die()
      if (opened.again) {
        await storage.close()
        storage = opened.again()
      }
      await live(slot)
    },
    calmDown: (calm) => {
      isCalm = calm
    },
    close: async () => {
      for (const { life } of slots) await life?.pawl?.close()
    },
  }
}

/** A life that has begun; its engine may not be open yet. */
interface Begun extends Omit<Life, 'pawl'> {
  pawl: Pawl | null
  die(): void
}

function isOpen(life: Begun): life is Begun & Life {
  return life.pawl !== null
}

function newLife(knows: number): Begun {
  let die = () => {}
  const death = new Promise<never>((_, reject) => {
    die = () => reject(new Died())
  })
  death.catch(() => {})
  return { pawl: null, knows, die, unlessDead: (work) => Promise.race([work, death]) }
}
