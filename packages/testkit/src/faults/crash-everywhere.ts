import { PawlError, type PawlOptions } from '@pawl/core'
import type { Crypto } from '@pawl/core/ports'
import { type manualClock, memoryHsm, memoryMailer, memoryStorage } from '@pawl/core/ports/reference'
import { originOf } from '@pawl/core/surfaces'
import { check } from '../conformance/asserts.ts'
import type { OpenedStorage, OpenStorage } from '../conformance/storage.ts'
import { Register, ticks } from '../model/index.ts'
import { worldDefaults } from '../world/defaults.ts'
import type { Example } from '../world/examples/example.ts'
import { testPawl, type World } from '../world/world.ts'
import type { Aftermath } from './aftermath.ts'
import { invariants as defaultInvariants, type Invariant } from './invariants.ts'
import { type Fault, mortal, type Port, type Process } from './process.ts'
import { changesSince, type Effect, keysSince, remains } from './remains.ts'
import type { Scenario } from './scenario.ts'

export interface FaultOptions {
  /** A new and empty store, as for `testStorage`. Default: in memory. */
  readonly open?: OpenStorage
  /** Default: that of worlds. */
  readonly crypto?: Crypto
  /** Other options for the engines of one vault. These parts outlive the engines. */
  readonly engine?: () => Pick<PawlOptions, 'auditSink' | 'chains' | 'policyEngine'>
  /** What must hold afterwards. Default: `invariants`. Add your own to these. */
  readonly invariants?: readonly Invariant[]
  /** Strikes the first call to a port, and one in this many of the others. Default: 1, so every call. */
  readonly oneIn?: number
  /** Which of the others are struck first, so that other runs strike other calls. Default: 0. */
  readonly offset?: number
}

/**
 * Makes a call once for every call that it makes to the storage, the HSM, the key stores and the mailer, in a new vault each time, and
 * lets the process die there, or the port fail. Then an engine goes on, and all that must hold is checked. Answers how
 * many faults there were.
 *
 * @example
 * await crashEverywhere({ name: 'secrets.put', operation: registry.secrets.put, example: examples.secrets.put })
 */
export async function crashEverywhere(scenario: Scenario, options: FaultOptions = {}): Promise<number> {
  const whole = await outcomeOf(scenario, 'whole', options)
  const nothing = await outcomeOf(scenario, 'nothing', options)
  const { oneIn = 1, offset = 0 } = options
  let faults = 0
  for (const port of ['storage', 'hsm', 'keyStores', 'mailer'] as const) {
    for (let at = 1; ; at += at === 1 ? 1 + (offset % oneIn) : oneIn) {
      const struck = await sufferAt(scenario, port, at, { whole, nothing }, options)
      if (struck === 0) break
      faults += struck
    }
  }
  return faults
}

type Expected = Pick<Aftermath, 'whole' | 'nothing'>

/** All that can go wrong at one call. To lose the answer of a question is the same as to lose the question. */
async function sufferAt(scenario: Scenario, port: Port, at: number, expected: Expected, options: FaultOptions) {
  const faults: Fault[] = []
  const suffer = async (what: Fault['what'], when: Fault['when']) => {
    const fault = { port, at, what, when }
    const struck = await sufferOne(scenario, fault, expected, options)
    if (struck !== null) faults.push(fault)
    return struck
  }
  const struck = await suffer('dies', 'before')
  if (struck === null) return 0
  await suffer('fails', 'before')
  if (changing.includes(struck)) {
    await suffer('dies', 'after')
    await suffer('fails', 'after')
  }
  return faults.length
}

const changing = ['commit', 'commitMany', 'createKey', 'destroyKey', 'send']

/** The method at which it happened; null when there are fewer calls than that. */
async function sufferOne(scenario: Scenario, fault: Fault, expected: Expected, options: FaultOptions) {
  await using stage = await openStage(scenario, options)
  const { process, example } = stage
  process.expect(fault)
  const answer = await Promise.race([perform(stage, scenario), process.death.then(() => 'nothing' as const)])
  await Promise.race([stage.world.pawl.runJobs(), process.death]).catch(() => {})
  const { struck } = process
  if (struck === null) return null
  const world = await stage.goOn(fault.what === 'dies')
  const isMade = possibleAfter(answer)
  const outcome = await stage.outcome()
  const aftermath = { scenario, fault, example, answer, isMade, world, ...expected, ...outcome, ...stage.parts }
  for (const invariant of options.invariants ?? defaultInvariants) {
    await invariant.check(aftermath).catch((cause: unknown) => {
      throw new Error(`${scenario.name}: ${describeFault(fault, struck)}\n${invariant.name}: ${wordsOf(cause)}`, {
        cause,
      })
    })
  }
  return struck
}

/** A port may fail after it did the work, so only acknowledged work is certain. */
function possibleAfter(answer: Aftermath['answer']): Register<boolean> {
  const isMade = new Register(ticks(), false)
  const change = isMade.change(true)
  if (answer === 'success') change.acknowledged()
  else change.unknown()
  return isMade
}

function describeFault({ port, at, what, when }: Fault, method: string): string {
  return `the ${what === 'dies' ? 'process dies' : `${port} fails`} ${when} call ${at} of the ${port} (${method})`
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What comes of a call that nothing happens to, or of none; then the process ends. */
async function outcomeOf(scenario: Scenario, which: 'whole' | 'nothing', options: FaultOptions) {
  await using stage = await openStage(scenario, options)
  if (which === 'whole') {
    const answer = await perform(stage, scenario)
    check(answer === 'success', `${scenario.name}: the example fails with ${wordsOf(answer)}`)
  }
  await stage.world.pawl.runJobs()
  await stage.goOn(true)
  return stage.outcome()
}

async function perform({ world, example }: Pick<Stage, 'world' | 'example'>, { operation }: Scenario) {
  try {
    await world.pawl.perform(operation, example.input, originOf(example.who))
    return 'success' as const
  } catch (error) {
    if (error instanceof PawlError) return error
    throw error
  }
}

interface Stage extends AsyncDisposable {
  readonly world: World
  readonly example: Example
  readonly process: Process
  readonly parts: Pick<Aftermath, 'storage' | 'hsm' | 'crypto' | 'remains'>
  /** Lets hours pass. If the process died, a new engine opens on the remaining data. */
  goOn(hasDied: boolean): Promise<World>
  outcome(): Promise<Pick<Aftermath, 'effect' | 'keys'>>
}

/** A vault in which the example was prepared and the call comes next. */
async function openStage(scenario: Scenario, options: FaultOptions): Promise<Stage> {
  const { open = () => ({ storage: memoryStorage() }), crypto = worldDefaults.crypto } = options
  const engine = options.engine?.()
  const opened: OpenedStorage = await open()
  const noted = remains()
  let storage = noted.storage(opened.storage)
  const hsm = noted.hsm(memoryHsm({ crypto }))
  const keyStores = Object.fromEntries(
    ['acme', 'globex'].map((name) => [name, noted.hsm(memoryHsm({ crypto }), `${name} `)]),
  )
  const mailer = memoryMailer()
  const process = mortal({ storage, hsm, keyStores, mailer })
  // An example reads mail that the vault has sent, such as the token of an invitation.
  const world: World = { ...(await testPawl({ ...engine, ...process.ports, crypto, seed: 'before' })), mail: mailer }
  const example = await scenario.example(world)
  let current = world
  const before = { records: new Map(noted.records), keys: new Set(noted.keys), events: await eventsOf(world) }
  return {
    world,
    example,
    process,
    parts: {
      get storage() {
        return storage
      },
      hsm,
      crypto,
      remains: noted,
    },
    goOn: async (hasDied) => {
      if (hasDied) {
        process.die()
        // The operating system releases the resources of a dead process. The engine itself does nothing more.
        await opened.storage.close()
        storage = noted.storage(opened.again?.() ?? opened.storage)
        const { clock } = world
        const next = await testPawl({ ...engine, storage, hsm, keyStores, mailer, crypto, clock, seed: 'after' })
        current = { ...next, clock }
      } else process.recover()
      await letHoursPass(current, world.clock)
      return current
    },
    outcome: async () => ({
      effect: {
        records: changesSince(before.records, noted),
        events: newEvents(before.events, await eventsOf(current)),
      },
      keys: keysSince(before.keys, noted),
    }),
    [Symbol.asyncDispose]: async () => {
      process.recover()
      // A dead process closes nothing.
      if (current !== world || !process.isDead) await current.close()
      await opened.destroy?.()
    },
  }
}

/** Longer than any lease, so that interrupted work is retried. */
async function letHoursPass({ pawl }: World, clock: ReturnType<typeof manualClock>): Promise<void> {
  for (let hour = 0; hour < 3; hour++) {
    clock.advance(3_600_000)
    while ((await pawl.runJobs()) > 0);
  }
}

/** What the trail says was done, by action; attempts do not count, and neither does looking at it. */
async function eventsOf({ owner }: World): Promise<Effect['events']> {
  const counts: Record<string, number> = {}
  const { events } = await owner.audit.events({ limit: 1_000 })
  for (const { action, details } of events) {
    if (details.outcome === undefined) counts[action] = (counts[action] ?? 0) + 1
  }
  return counts
}

function newEvents(before: Effect['events'], after: Effect['events']): Effect['events'] {
  return Object.fromEntries(Object.entries(after).map(([action, count]) => [action, count - (before[action] ?? 0)]))
}
