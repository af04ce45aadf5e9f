import { openAuditVerifier } from '@pawl/core/maintenance'
import type { Crypto, Hsm } from '@pawl/core/ports'
import {
  type manualClock as Manual,
  manualClock,
  memoryHsm,
  memoryStorage,
  seededRandom,
} from '@pawl/core/ports/reference'
import type { OpenedStorage, OpenStorage } from '../conformance/storage.ts'
import { Finding } from '../model/index.ts'
import { worldDefaults } from '../world/defaults.ts'
import { type Act, acts, type Stage } from './acts.ts'
import { type Engines, engines, type Life } from './engines.ts'
import { type Chance, chance, type Schedule, schedule } from './schedule.ts'
import { makeThings, type Things } from './things.ts'

export interface SimulationOptions {
  /** The whole history follows from it. */
  readonly seed: string
  /** A new and empty store, as for `testStorage`. Default: in memory. */
  readonly open?: OpenStorage
  /** Default: that of worlds. */
  readonly crypto?: Crypto
  /** How many engines work on the store at once. One that is exclusive has one. */
  readonly engines?: number
  /** How many act at once, and how often each. */
  readonly actors?: number
  readonly actsEach?: number
  /** Of a thousand turns: how many end an engine, turn the clock, or see a port fail. */
  readonly crashes?: number
  readonly clockSteps?: number
  readonly failures?: number
}

/** The result of a simulation. */
export interface History {
  readonly turns: number
  /** How often each act ended in each way. */
  readonly outcomes: Readonly<Record<string, number>>
}

/**
 * Lets several act at once on engines that fail, die and come back, on a clock that jumps, and compares what they see
 * with what may be seen. All of it follows from the seed. A finding shows the turns that led to it.
 *
 * @example
 * await simulate({ seed: '1', open: () => ({ storage: myStore() }) })
 */
export async function simulate(options: SimulationOptions): Promise<History> {
  const { seed, open = () => ({ storage: memoryStorage() }) } = options
  const opened: OpenedStorage = await open()
  const chances = chance(seed)
  const turns = schedule(chances)
  try {
    return await live(opened, chances, turns, options)
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause)
    const how = `seed ${seed}; PAWL_TEST_SEED=${seed} runs this history first`
    throw new Finding(`${found}\n${how}\n${turns.trace.join('\n')}`, { cause })
  } finally {
    await opened.destroy?.()
  }
}

async function live(opened: OpenedStorage, chances: Chance, turns: Schedule, options: SimulationOptions) {
  const { seed, actors = 6, actsEach = 10, failures = 12, crypto = worldDefaults.crypto } = options
  const clock = manualClock('2026-01-01T00:00:00Z')
  const hsm = memoryHsm({ crypto, random: seededRandom(`${seed} hsm`) })
  await opened.storage.setup()
  const count = opened.storage.exclusive ? 1 : (options.engines ?? 2)
  const all = engines({ opened, hsm, crypto, clock, seed, count, chance: chances, schedule: turns, failures })
  await all.open()
  all.calmDown(true)
  const first = await drive(turns, async () => {
    while (!all.living[0]) await turns.turn(all, 'opening')
    return all.living[0]
  })
  const things = await drive(turns, () => makeThings(first.pawl, () => turns.now))
  all.calmDown(false)
  const outcomes: Record<string, number> = {}
  const acting = Promise.all(
    Array.from({ length: actors }, () => act({ all, things, chances, turns, clock, outcomes, actsEach })),
  )
  await drive(
    turns,
    () => acting,
    () => disturb(all, clock, chances, turns, options),
  )
  all.calmDown(true)
  await drive(turns, () => checkEnd(all, things, turns))
  await drive(turns, () => all.close())
  await checkLanes(opened.again?.() ?? opened.storage, hsm, crypto)
  return { turns: turns.now, outcomes }
}

/** No history has a fifth as many. */
const turnsMax = 5_000

/** Gives turns until the work is done. */
async function drive<T>(turns: Schedule, work: () => Promise<T>, between: () => Promise<void> = async () => {}) {
  let isDone = false
  const working = work().finally(() => {
    isDone = true
  })
  working.catch(() => {})
  while (!isDone) {
    await between()
    if (turns.now > turnsMax) throw new Finding('it does not come to an end')
    if (!(await turns.step()) && !isDone) throw new Finding('everybody waits, and nobody can go on')
  }
  return working
}

interface Scene {
  readonly all: Engines
  readonly things: Things
  readonly chances: Chance
  readonly turns: Schedule
  readonly clock: ReturnType<typeof Manual>
  readonly outcomes: Record<string, number>
  readonly actsEach: number
}

const deck: readonly (readonly [name: string, act: Act])[] = acts.flatMap(([weight, name, one]) =>
  Array.from({ length: weight }, () => [name, one] as const),
)

async function act({ all, things, chances, turns, clock, outcomes, actsEach }: Scene): Promise<void> {
  for (let left = actsEach; left > 0; left--) {
    await turns.turn(all, 'somebody acts')
    const { living } = all
    if (living.length === 0) continue
    const life = chances.pick(living)
    const [name, one] = chances.pick(deck)
    const begunAt = clock.now()
    const newText = () => `v${turns.now}`
    const stage: Stage = { life, things, chance: chances, now: () => turns.now, newText }
    const words = await one(stage)
    turns.note(`${name}: ${words}`)
    if (!/unknown/.test(words)) remember(all, life, begunAt)
    const outcome = `${name}: ${/unknown/.test(words) ? 'unknown' : 'answered'}`
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
}

/** An engine that answered has read the clock. The store shows that time to every later engine. */
function remember(all: Engines, life: Life, time: number): void {
  life.knows = Math.max(life.knows, time)
  all.latest = Math.max(all.latest, time)
}

async function disturb(
  all: Engines,
  clock: Scene['clock'],
  chances: Chance,
  turns: Schedule,
  options: SimulationOptions,
) {
  const { crashes = 6, clockSteps = 20 } = options
  if (chances.perMille(crashes)) await all.crash()
  if (!chances.perMille(clockSteps)) return
  const minutes = chances.below(60) - 20
  turns.note(`the clock is turned by ${minutes} minutes`)
  clock.advance(minutes * 60_000)
}

/** At the end, every acknowledged change must be in the store and in the trail. */
async function checkEnd(all: Engines, { owner, vault, secrets, trail }: Things, turns: Schedule): Promise<void> {
  while (!all.living[0]) await turns.turn(all, 'opening')
  const { pawl } = all.living[0]
  const reader = pawl.as({ user: owner })
  for (const { path, value, reads } of secrets) {
    const found = await reader.secrets.get({ vault_id: vault, path }).then(
      (secret) => secret.value.reveal(),
      () => null,
    )
    const isRight = (one: string | null) => one === found || (found === null && one !== null && reads.has(one))
    if (!value.may(isRight, turns.now)) throw new Finding(`at the end ${path} is ${found}`)
  }
  const { events } = await reader.audit.events({ limit: 1_000 })
  const told = events.filter(({ details }) => details.outcome === undefined).map(({ action }) => action)
  const missing = trail.missingIn(told)
  if (missing.length > 0) throw new Finding(`${missing.join(', ')} was acknowledged more often than the trail tells of`)
}

async function checkLanes(storage: OpenedStorage['storage'], hsm: Hsm, crypto: Crypto): Promise<void> {
  await storage.setup()
  for await (const { lane, problem } of (await openAuditVerifier({ storage, hsm, crypto })).lanes()) {
    if (problem) throw new Finding(`lane ${lane}: ${problem}`)
  }
  await storage.close()
}
