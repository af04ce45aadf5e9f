import { PawlError } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crashingSqlite } from '../../../../tools/real-parts/crashing-sqlite.ts'
import { hasPostgres } from '../../../../tools/real-parts/postgres.ts'
import { postgresSchemas } from '../../../../tools/real-parts/postgres-schemas.ts'
import { times } from '../../../../tools/test-run/index.ts'
import { postgres } from '../../../adapters/src/storage/postgres.ts'
import { trial } from '../../../core/test/trial-signing.ts'
import type { AnyStorage } from '../../src/conformance/storage.ts'
import { testPawl, worldDefaults } from '../../src/world/index.ts'

// Goal: in no 24 hours does an agent sign more than its limit, whatever is signed at once, and nothing is refused that there
// is room for. Method: random commands, many of them in flight at once, on one or several engines; a model counts with.

const ether = 10n ** 18n
const day = 86_400_000
const cap = 100n

interface Stores {
  /** The storage of each engine on one store. */
  readonly storages: readonly [AnyStorage, ...AnyStorage[]]
}

/** Engines on one store, and an agent that may move 100 in 24 hours. */
async function tillFor({ storages }: Stores) {
  const hsm = memoryHsm(worldDefaults)
  const open = (storage: AnyStorage, at: number) => testPawl({ storage, hsm, areas: [trial], seed: `engine ${at}` })
  const [own, ...others] = storages
  const first = await open(own, 0)
  const worlds = [first]
  for (const storage of others) worlds.push(await open(storage, worlds.length))
  const limits = { tx_daily_limit: `${cap}`, per_chain_guardrails: { base: { daily_limit: '90' } } }
  const agent = await first.agent({ name: 'payer', ...limits })
  const callers = worlds.map(({ pawl }) => pawl.as({ user: first.ownerId }))
  return {
    sign: async (engine: number, amount: bigint, chain: string) => {
      const call = callers[engine % callers.length]?.trial.sign({ agent_id: agent.id, units: amount * ether, chain })
      return call?.then(
        ({ id }) => id,
        (error: unknown) => {
          if (error instanceof PawlError && error.code === 'guardrail_violated') return null
          throw error
        },
      )
    },
    release: async (engine: number, id: string) => callers[engine % callers.length]?.trial.release({ id }),
    turn: (ms: number) => {
      for (const { clock } of worlds) clock.advance(ms)
    },
    now: () => first.clock.now(),
    close: async () => {
      for (const world of worlds) await world.close()
    },
  }
}

type Till = Awaited<ReturnType<typeof tillFor>>

interface Paid {
  readonly id: string
  readonly amount: bigint
  readonly chain: string
  readonly at: number
  isReleased: boolean
}

/** What must hold, whatever the order in which calls at once were decided. */
class Model {
  readonly paid: Paid[] = []
  #inFlight: Promise<() => void>[] = []
  /** What counted when the calls that are in flight began. */
  #before: { readonly all: bigint; readonly base: bigint } = { all: 0n, base: 0n }

  begin(call: Promise<() => void>, now: number): void {
    if (this.#inFlight.length === 0) this.#before = this.#sums(now)
    this.#inFlight.push(call)
  }

  /** A refusal is right if everything that was signed at once could have come first. */
  requireFull(amount: bigint, chain: string, now: number): () => void {
    return () => {
      const { all, base } = this.#granted(now)
      const isFull = all + amount > cap || (chain === 'base' && base + amount > 90n)
      expect(isFull, `${amount} on ${chain} were refused, and there was room`).toBe(true)
    }
  }

  async settle(now: number): Promise<void> {
    const checks = await Promise.all(this.#inFlight)
    for (const check of checks) check()
    this.#inFlight = []
    const { all, base } = this.#sums(now)
    expect(all).toBeLessThanOrEqual(cap)
    expect(base).toBeLessThanOrEqual(90n)
  }

  /** What counted before, and everything since: as if nothing had been given back first. */
  #granted(now: number) {
    const since = this.paid.filter(({ at }) => at === now)
    const before = this.#before
    const known = this.#sumOf(since.filter(({ id }) => !this.#known.has(id)))
    return { all: before.all + known.all, base: before.base + known.base }
  }

  #known = new Set<string>()

  #sums(now: number) {
    this.#known = new Set(this.paid.map(({ id }) => id))
    return this.#sumOf(this.paid.filter(({ at, isReleased }) => !isReleased && at > now - day))
  }

  #sumOf(paid: readonly Paid[]) {
    const sum = (some: readonly Paid[]) => some.reduce((total, { amount }) => total + amount, 0n)
    return { all: sum(paid), base: sum(paid.filter(({ chain }) => chain === 'base')) }
  }
}

type Command = fc.AsyncCommand<Model, Till>

/** Begins a call and waits for no answer. */
class Sign implements Command {
  readonly engine: number
  readonly amount: bigint
  readonly chain: string

  constructor(engine: number, amount: bigint, chain: string) {
    this.engine = engine
    this.amount = amount
    this.chain = chain
  }

  check = () => true
  async run(model: Model, till: Till) {
    const now = till.now()
    const answer = till.sign(this.engine, this.amount, this.chain).then((id) => {
      if (id == null) return model.requireFull(this.amount, this.chain, now)
      model.paid.push({ id, amount: this.amount, chain: this.chain, at: now, isReleased: false })
      return () => {}
    })
    model.begin(answer, now)
  }
  toString = () => `sign ${this.amount} on ${this.chain} with engine ${this.engine}`
}

/** Gives back one of those that were signed, also twice, and also at once with others. */
class Release implements Command {
  readonly engine: number
  readonly nth: number

  constructor(engine: number, nth: number) {
    this.engine = engine
    this.nth = nth
  }

  check = () => true
  async run(model: Model, till: Till) {
    const one = model.paid.at(-1 - this.nth)
    if (!one) return
    const answer = till.release(this.engine, one.id).then(() => {
      one.isReleased = true
      return () => {}
    })
    model.begin(answer, till.now())
  }
  toString = () => `release ${this.nth} with engine ${this.engine}`
}

/** Waits for every call, and then lets time go by. */
class Turn implements Command {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  check = () => true
  async run(model: Model, till: Till) {
    await model.settle(till.now())
    till.turn(this.ms)
  }
  toString = () => `wait ${this.ms}`
}

const engine = fc.nat({ max: 3 })
const commands = fc.commands(
  [
    fc
      .tuple(engine, fc.bigInt(1n, 45n), fc.constantFrom('base', 'base', 'polygon'))
      .map(([at, amount, chain]) => new Sign(at, amount, chain)),
    fc.tuple(engine, fc.nat({ max: 3 })).map(([at, nth]) => new Release(at, nth)),
    fc.constantFrom(0, 1, day / 2, day - 1).map((ms) => new Turn(ms)),
  ],
  { maxCommands: 60, size: 'max' },
)

function testLedger(open: () => Promise<Stores>, runs: { readonly quick: number; readonly whole: number }): void {
  it('of 200 signatures of 60 at once against a limit of 100, exactly one is made (I8)', async () => {
    const till = await tillFor(await open())
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => till.sign(at, 60n, 'polygon')))
    expect(answers.filter((id) => id !== null)).toHaveLength(1)
    await till.close()
  })

  it('counts exactly, in whatever order calls at once are decided (I8)', { timeout: 400_000 }, async () => {
    const property = fc.asyncProperty(commands, async (chosen) => {
      const till = await tillFor(await open())
      const model = new Model()
      try {
        await fc.asyncModelRun(() => ({ model, real: till }), chosen)
        await model.settle(till.now())
      } finally {
        await till.close()
      }
    })
    await fc.assert(property, { numRuns: times('runs of the ledger model', runs) })
  })
}

describe('the budgets of an agent, in memory', () =>
  testLedger(async () => ({ storages: [memoryStorage()] }), { quick: 20, whole: 300 }))

describe('the budgets of an agent, in a SQLite file', () =>
  testLedger(async () => ({ storages: [crashingSqlite().storage] }), { quick: 2, whole: 40 }))

describe.skipIf(!hasPostgres)('the budgets of an agent, with two engines on a PostgreSQL database', () => {
  const next = postgresSchemas()

  testLedger(
    async () => {
      const options = next()
      return { storages: [postgres(options), postgres(options)] }
    },
    { quick: 2, whole: 30 },
  )
})
