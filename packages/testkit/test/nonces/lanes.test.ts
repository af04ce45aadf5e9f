import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crashingSqlite } from '../../../../tools/real-parts/crashing-sqlite.ts'
import { hasPostgres } from '../../../../tools/real-parts/postgres.ts'
import { postgresSchemas } from '../../../../tools/real-parts/postgres-schemas.ts'
import { testSeed, times } from '../../../../tools/test-run/index.ts'
import { postgres } from '../../../adapters/src/storage/postgres.ts'
import type { AnyStorage } from '../../src/conformance/storage.ts'
import { testPawl, worldDefaults } from '../../src/world/index.ts'
import { chainName, type Mood, moodyChain } from './moody-chain.ts'

// Goal: each transaction has a nonce of its own, no money moves twice, and no nonce is lost, whatever the node does and however many
// engines sign at once. Method: random commands, many of them in flight at once; a model counts what must arrive.

const to = '0x000000000000000000000000000000000000dEaD'
const tenMinutes = 600_000

/** Engines on one store and one chain, and an agent with a key. */
async function lanesFor(storages: readonly AnyStorage[]) {
  const { base, chain, state } = moodyChain()
  const hsm = memoryHsm(worldDefaults)
  const open = (storage: AnyStorage, at: number) =>
    testPawl({ storage, hsm, seed: `engine ${at}`, chains: ({ name }) => (name === chainName ? chain : null) })
  const worlds: Awaited<ReturnType<typeof open>>[] = []
  for (const [at, storage] of storages.entries()) worlds.push(await open(storage, at))
  const [first] = worlds
  if (!first) throw new TypeError('a test needs a storage')
  const { id: agent_id } = await first.agent({ name: 'payer', intents_api_enabled: true })
  const { address } = await first.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 10n ** 24n)
  const callers = worlds.map(({ pawl }) => pawl.as({ user: first.ownerId }))
  const as = (engine: number) => callers[engine % callers.length] as (typeof callers)[0]
  return {
    ...{ base, state },
    submit: (engine: number, value: bigint) =>
      as(engine)?.intents.submit({ agent_id, chain: chainName, to, value: `0x${value.toString(16)}` }),
    get: (tx_id: string) => as(0)?.intents.get({ agent_id, tx_id }),
    repair: (engine: number) => as(engine)?.intents.repairNonces({ agent_id, chain: chainName }),
    /** Time goes by, and every engine follows what is open. */
    follow: async () => {
      for (const { clock } of worlds) clock.advance(tenMinutes)
      await Promise.all(worlds.map(({ pawl }) => pawl.runJobs()))
    },
    close: async () => {
      for (const world of worlds) await world.close()
    },
  }
}

type Lanes = Awaited<ReturnType<typeof lanesFor>>

/** The transactions that were asked for, each with an amount of its own. */
class Model {
  readonly values = new Map<bigint, string>()
  #inFlight: Promise<void>[] = []

  begin(lanes: Lanes, engine: number): void {
    const value = BigInt(this.values.size + 1)
    this.values.set(value, '')
    const answered = lanes.submit(engine, value)?.then(({ id }) => void this.values.set(value, id))
    if (answered) this.#inFlight.push(answered)
  }

  async settle(lanes: Lanes): Promise<void> {
    await Promise.all(this.#inFlight)
    this.#inFlight = []
    const live = (await this.all(lanes)).filter(({ status }) => status === 'signed' || status === 'broadcast')
    const nonces = live.map(({ nonce }) => nonce)
    expect(new Set(nonces).size, 'two transactions have the same nonce').toBe(nonces.length)
  }

  async all(lanes: Lanes) {
    const found = await Promise.all([...this.values].map(async ([value, id]) => ({ ...(await lanes.get(id)), value })))
    return found
  }
}

type Command = fc.AsyncCommand<Model, Lanes>

/** Submits, and waits for no answer. */
class Submit implements Command {
  readonly engine: number

  constructor(engine: number) {
    this.engine = engine
  }

  check = () => true
  async run(model: Model, lanes: Lanes) {
    model.begin(lanes, this.engine)
  }
  toString = () => `submit with engine ${this.engine}`
}

class Turn implements Command {
  readonly what: Mood | 'follow' | 'mine' | 'repair'

  constructor(what: Turn['what']) {
    this.what = what
  }

  check = () => true
  async run(model: Model, lanes: Lanes) {
    if (this.what === 'follow' || this.what === 'repair') await model.settle(lanes)
    if (this.what === 'follow') await lanes.follow()
    else if (this.what === 'repair') await lanes.repair(0)
    else if (this.what === 'mine') lanes.base.mine()
    else lanes.state.mood = this.what
  }
  toString = () => this.what
}

const submit = fc.nat({ max: 3 }).map((engine) => new Submit(engine))
const commands = fc.commands(
  [
    ...[submit, submit, submit],
    fc.constantFrom<Mood[]>('works', 'silent', 'gone', 'refuses').map((mood) => new Turn(mood)),
    fc.constantFrom<Turn['what'][]>('follow', 'mine', 'repair').map((what) => new Turn(what)),
  ],
  { maxCommands: 40, size: 'max' },
)

/** When the node works again: everything is sent, gaps are filled, and each amount has arrived once or never. */
async function checkEnd(model: Model, lanes: Lanes): Promise<void> {
  lanes.state.mood = 'works'
  await model.settle(lanes)
  for (let round = 0; round < 3; round++) {
    await lanes.follow()
    lanes.base.mine()
    await lanes.repair(0)
    lanes.base.mine()
  }
  await lanes.follow()
  const { sent } = lanes.base
  const nonces = sent.map(({ nonce }) => Number(nonce)).sort((one, other) => one - other)
  expect(nonces, 'a nonce is missing or was used twice').toEqual([...nonces.keys()])
  expect(sent.filter(({ included }) => !included)).toEqual([])
  for (const { value, status } of await model.all(lanes)) {
    const arrived = sent.filter((one) => one.value === value && one.to?.toLowerCase() === to.toLowerCase())
    expect([value, status, arrived.length]).toEqual([value, status, status === 'broadcast' ? 1 : 0])
    expect(['broadcast', 'failed']).toContain(status)
  }
}

function testLanes(open: () => Promise<readonly AnyStorage[]>, runs: { quick: number; whole: number }): void {
  it('have one nonce for each transaction, lose none, and move no money twice', { timeout: 400_000 }, async () => {
    const property = fc.asyncProperty(commands, async (chosen) => {
      const lanes = await lanesFor(await open())
      const model = new Model()
      try {
        await fc.asyncModelRun(() => ({ model, real: lanes }), chosen)
        await checkEnd(model, lanes)
      } finally {
        await lanes.close()
      }
    })
    await fc.assert(property, { seed: testSeed, numRuns: times('runs of the nonce lanes', runs) })
  })
}

describe('nonce lanes in memory', () => testLanes(async () => [memoryStorage()], { quick: 3, whole: 25 }))

describe('nonce lanes in a SQLite file', () =>
  testLanes(async () => [crashingSqlite().storage], { quick: 1, whole: 4 }))

describe.skipIf(!hasPostgres)('nonce lanes of two engines on a PostgreSQL database', () => {
  const next = postgresSchemas()

  testLanes(
    async () => {
      const options = next()
      return [postgres(options), postgres(options)]
    },
    { quick: 1, whole: 4 },
  )
})
