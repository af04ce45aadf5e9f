import { memoryStorage } from '@pawl/core/ports/reference'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crashingSqlite } from '../../../../tools/real-parts/crashing-sqlite.ts'
import { hasPostgres } from '../../../../tools/real-parts/postgres.ts'
import { postgresSchemas } from '../../../../tools/real-parts/postgres-schemas.ts'
import { times } from '../../../../tools/test-run/index.ts'
import { postgres } from '../../../adapters/src/storage/postgres.ts'
import { type Bank, openBank, type Stores } from './bank.ts'
import { soak } from './soak.ts'

// Goal: whatever is moved at once and wherever an engine dies, the sum of all balances is 0, no account is negative, and nothing
// happens twice. Method: random commands, many in flight at once, on one or several engines; a model counts with. Then long runs
// with kills, in which each call is repeated under its key.

/** Balances as the answers say that they must be. */
class Model {
  readonly balances = [0n, 0n, 0n]
  readonly byKey = new Map<string, string>()
  #inFlight: Promise<() => void>[] = []
  #before: readonly bigint[] = this.balances
  #paid = [0n, 0n, 0n]

  begin(call: Promise<() => void>): void {
    if (this.#inFlight.length === 0) this.#before = [...this.balances]
    this.#inFlight.push(call)
  }

  moved(from: number, to: number, amount: bigint): void {
    this.balances[from] = (this.balances[from] ?? 0n) - amount
    this.balances[to] = (this.balances[to] ?? 0n) + amount
    this.#paid[from] = (this.#paid[from] ?? 0n) + amount
  }

  credited(to: number, amount: bigint): void {
    this.balances[to] = (this.balances[to] ?? 0n) + amount
  }

  /** A refusal is right if everything that the account paid at once could have come first. */
  refused(from: number, amount: bigint): () => void {
    return () => {
      const least = (this.#before[from] ?? 0n) - (this.#paid[from] ?? 0n)
      expect(least < amount, `${amount} were refused, and the account had ${least}`).toBe(true)
    }
  }

  async settle(bank: Bank): Promise<void> {
    for (const check of await Promise.all(this.#inFlight)) check()
    this.#inFlight = []
    this.#paid = [0n, 0n, 0n]
    expect(await bank.books()).toEqual(this.balances)
  }
}

type Command = fc.AsyncCommand<Model, Bank>

/** Begins a transfer and waits for no answer. Those with the same key ask for the same. */
class Transfer implements Command {
  readonly engine: number
  readonly from: number
  readonly to: number
  readonly amount: bigint
  readonly key: string | null

  constructor(engine: number, from: number, step: number, amount: bigint, key: number | null) {
    this.engine = engine
    this.from = from
    this.to = (from + step) % 3
    this.amount = amount
    this.key = key === null ? null : `key ${key} of ${from} to ${this.to}, ${amount}`.replaceAll(' ', '-')
  }

  check = () => true
  async run(model: Model, bank: Bank) {
    const { engine, from, to, amount, key } = this
    const answer = bank.transfer(engine, { from, to, amount, key }).then((id) => {
      if (id === null) return model.refused(from, amount)
      const known = key === null ? undefined : model.byKey.get(key)
      if (known === undefined) model.moved(from, to, amount)
      if (key !== null) model.byKey.set(key, id)
      return () => expect(known ?? id).toBe(id)
    })
    model.begin(answer)
  }
  toString = () => `move ${this.amount} from ${this.from} to ${this.to} with engine ${this.engine} and ${this.key}`
}

class Credit implements Command {
  readonly engine: number
  readonly to: number
  readonly amount: bigint

  constructor(engine: number, to: number, amount: bigint) {
    this.engine = engine
    this.to = to
    this.amount = amount
  }

  check = () => true
  async run(model: Model, bank: Bank) {
    const answer = bank.credit(this.engine, this.to, this.amount).then(() => {
      model.credited(this.to, this.amount)
      return () => {}
    })
    model.begin(answer)
  }
  toString = () => `credit ${this.amount} to ${this.to} with engine ${this.engine}`
}

/** Waits for every call. */
class Settle implements Command {
  check = () => true
  run = (model: Model, bank: Bank) => model.settle(bank)
  toString = () => 'settle'
}

const [engine, account] = [fc.nat({ max: 3 }), fc.nat({ max: 2 })]
const amounts = fc.bigInt(1n, 40n)
const commands = fc.commands(
  [
    fc
      .tuple(engine, account, fc.constantFrom(1, 2), amounts, fc.option(fc.nat({ max: 1 })))
      .map((all) => new Transfer(...all)),
    fc.tuple(engine, account, amounts).map((all) => new Credit(...all)),
    fc.constant(new Settle()),
  ],
  { maxCommands: 60, size: 'max' },
)

interface Runs {
  readonly quick: number
  readonly whole: number
}

interface Sizes {
  readonly runs: Runs
  readonly operations: Runs
}

function testLedger(open: () => Promise<Stores>, { runs, operations }: Sizes): void {
  it('of 50 transfers at once out of one account, refuses none', async () => {
    const bank = await openBank(await open())
    await bank.credit(0, 0, 50n)
    const sent = Array.from({ length: 50 }, (_, at) => ({ from: 0, to: 1 + (at % 2), amount: 1n, key: null }))
    const ids = await Promise.all(sent.map((one, at) => bank.transfer(at, one)))
    expect(new Set(ids).size).toBe(50)
    expect(ids).not.toContain(null)
    expect(await bank.books()).toEqual([0n, 25n, 25n])
    await bank.close()
  })

  it('has the balances of the model, in whatever order calls at once are decided', { timeout: 400_000 }, async () => {
    const property = fc.asyncProperty(commands, async (chosen) => {
      const bank = await openBank(await open())
      const model = new Model()
      try {
        await fc.asyncModelRun(() => ({ model, real: bank }), chosen)
        await model.settle(bank)
      } finally {
        await bank.close()
      }
    })
    await fc.assert(property, { numRuns: times('runs of the model of internal accounts', runs) })
  })

  it('loses nothing and does nothing twice when engines die in the middle of it', { timeout: 7_200_000 }, async () => {
    const wanted = process.env.PAWL_TEST_LEDGER
    const count = wanted ? Number(wanted) : times('operations on internal accounts with kills', operations)
    const { cutOff, moved, refused } = await soak(await open(), count)
    expect(moved).toBeGreaterThan(count / 5)
    expect(refused).toBeGreaterThan(0)
    expect(cutOff).toBeGreaterThan(0)
  })
}

describe('internal accounts in memory', () =>
  testLedger(
    async () => {
      const storage = memoryStorage()
      // What it holds outlives the engine that closed it.
      return { open: [() => ({ ...storage, close: async () => {} })] }
    },
    { runs: { quick: 4, whole: 40 }, operations: { quick: 120, whole: 1_000 } },
  ))

describe('internal accounts in a SQLite file', () =>
  testLedger(
    async () => {
      const { storage, again } = crashingSqlite()
      let isOpen = false
      const next = () => {
        if (isOpen) return again()
        isOpen = true
        return storage
      }
      return { open: [next] }
    },
    { runs: { quick: 1, whole: 5 }, operations: { quick: 80, whole: 800 } },
  ))

describe.skipIf(!hasPostgres)('internal accounts with two engines on a PostgreSQL database', () => {
  const next = postgresSchemas()

  testLedger(
    async () => {
      const options = next()
      return { open: [() => postgres(options), () => postgres(options)] }
    },
    { runs: { quick: 1, whole: 3 }, operations: { quick: 40, whole: 400 } },
  )
})
