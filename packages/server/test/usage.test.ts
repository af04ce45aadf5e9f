import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { postgres } from '@pawl/adapters/storage/postgres'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl, type Pawl, type PawlOptions } from '@pawl/core'
import { manualClock, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { cheapPasswords } from '@pawl/testkit/world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPostgres, type Postgres, startPostgres } from '../../../tools/real-parts/postgres.ts'
import { times } from '../../../tools/test-run/index.ts'

// Goal: metered calls count exactly, whatever happens to the engines. Method: two engines on one store answer reads at the same
// time. One of them is killed in each third round, and another takes its place: after its first answer, in a commit, or before
// anything arrives at the store. In the end the sum of all lanes is the number of events in the trail, and no answered call is
// missing.
//
// docs/performance.md has the result of 100,000 calls:
// PAWL_TEST_REQUIRE=all PAWL_TEST_CALLS=100000 npx vitest run packages/server/test/usage.test.ts

const manyCalls = Number(process.env.PAWL_TEST_CALLS ?? times('metered calls', { quick: 1_000, whole: 10_000 }))
const killEvery = 3
const timeoutMs = Math.max(300_000, manyCalls * 9)
const minute = 60_000

type Store = PawlOptions['storage']

/** A store of one process. After its death no call arrives, and none is answered: what was on its way may be stored. */
function mortal(storage: Store): Mortal {
  let isDead = false
  let onCommit: (() => void) | null = null
  const never = new Promise<never>(() => {})
  const alive =
    <Given extends unknown[], R>(call: (...given: Given) => Promise<R>, commits = false) =>
    async (...given: Given): Promise<R> => {
      if (isDead) return never
      if (commits && onCommit) isDead = true
      const answer = await call(...given)
      if (commits) onCommit?.()
      return isDead ? never : answer
    }
  const { get, scan, commit, commitMany } = storage
  return {
    storage: {
      ...{ setup: async () => {}, close: async () => {} },
      ...{ get: alive(get), scan: alive(scan), commit: alive(commit, true) },
      ...(commitMany && { commitMany: alive(commitMany, true) }),
    },
    kill: () => {
      isDead = true
    },
    killInCommit: () =>
      new Promise((resolve) => {
        onCommit = resolve
      }),
  }
}

interface Mortal {
  readonly storage: Store
  kill(): void
  /** Dies when it begins the next commit. Resolves when the store has it. */
  killInCommit(): Promise<void>
}

interface Life extends Mortal {
  readonly pawl: Pawl
}

/** Two engines on one store, and a vault with a secret. `open` starts another engine. */
async function twoEngines(store: Store, more: Pick<PawlOptions, 'tiers'> = {}) {
  const hsm = memoryHsm()
  const clock = manualClock('2026-01-01T00:00:00Z')
  await store.setup()
  const open = async (): Promise<Life> => {
    const life = mortal(store)
    const parts = { hsm, clock, crypto: nodeCrypto(), background: false, passwordCost: cheapPasswords, ...more }
    return { ...life, pawl: await createPawl({ ...parts, storage: life.storage }) }
  }
  const lives: [Life, Life] = [await open(), await open()]
  const { user } = await lives[0].pawl.firstOwner({ email: 'owner@example.com' })
  const owner = () => lives[0].pawl.as({ user })
  const { id: vault_id } = await owner().vaults.create({ name: 'prod' })
  await owner().secrets.put({ vault_id, path: 'db/password', value: tagged('x') })
  return { clock, open, lives, user, owner, vault_id }
}

/** A limit of requests, with engines that are killed while they have reserved requests. */
async function keepsTheLimit(store: Store): Promise<void> {
  const limit = 400
  const lostPerEngine = Math.ceil(limit / 64) + atOnceUnderLimit
  const tiers = { default: 'free', tiers: { free: { limits: { requests: limit } } } }
  const { open, lives, user, owner, vault_id } = await twoEngines(store, { tiers })
  let [refused, kills] = [0, 0]
  const ask = ({ pawl }: Life) =>
    pawl
      .as({ user })
      .secrets.get({ vault_id, path: 'db/password' })
      .catch((error) => {
        expect(error).toMatchObject({ code: 'payment_required' })
        refused++
      })
  while (refused === 0) {
    const asking = lives.map((life) => Array.from({ length: atOnceUnderLimit }, () => ask(life)))
    if (kills < 4) {
      const at = kills++ % 2
      const [ofVictim = []] = asking.splice(at, 1)
      await Promise.race(ofVictim)
      lives[at]?.kill()
      lives[at] = await open()
    }
    await Promise.all(asking.flat())
  }
  const { total_requests } = (await owner().billing.usage({})).current_month
  expect(total_requests).toBeLessThanOrEqual(limit)
  expect(total_requests).toBeGreaterThanOrEqual(limit - (kills + lives.length) * lostPerEngine)
  for (const life of lives) await life.pawl.close()
}

const atOnceUnderLimit = 20

async function countsExactly(store: Store, calls: number): Promise<void> {
  const { clock, open, lives, user, owner, vault_id } = await twoEngines(store)
  const before = 2
  const ask = async ({ pawl }: Life) => {
    await pawl.as({ user }).secrets.get({ vault_id, path: 'db/password' })
    answered++
  }
  const atOnce = Math.min(250, calls / 20)
  let [asked, answered, kills] = [0, 0, 0]
  for (let round = 1; asked < calls; round++) {
    const asking = lives.map((life) => Array.from({ length: atOnce }, () => ask(life)))
    asked += 2 * atOnce
    if (round % killEvery === 0) {
      const at = kills % 2
      const [ofVictim = []] = asking.splice(at, 1)
      const victim = lives[at] as Life
      if (kills % 3 === 0) await Promise.race(ofVictim)
      if (kills % 3 === 1) await victim.killInCommit()
      victim.kill()
      lives[at] = await open()
      kills++
    }
    await Promise.all(asking.flat())
  }
  clock.advance(minute * 11)
  await lives[0].pawl.runJobs()
  const { current_month, principals = [] } = await owner().billing.usage({})
  const inTrail = principals.reduce((sum, { requests }) => sum + requests, 0)
  expect(current_month.total_requests).toBe(inTrail)
  expect(kills).toBeGreaterThan(2)
  // Some were stored and not answered, and some never arrived at the store.
  expect(inTrail - before).toBeGreaterThan(answered)
  expect(inTrail - before).toBeLessThan(asked)
  for (const life of lives) await life.pawl.close()
}

describe('metered calls on two engines that are killed', () => {
  test('count exactly in memory', () => countsExactly(memoryStorage(), 1_000), 300_000)

  test('never exceed the limit of a tier', () => keepsTheLimit(memoryStorage()), 300_000)

  test(
    'count exactly in a SQLite file',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pawl-usage-'))
      const store = sqlite({ path: join(folder, 'vault.db') })
      await countsExactly(store, manyCalls)
      await store.close()
      await rm(folder, { recursive: true })
    },
    timeoutMs,
  )

  describe.skipIf(!hasPostgres)('in PostgreSQL', () => {
    let server: Postgres
    beforeAll(async () => {
      server = await startPostgres({ fsync: false })
    }, 120_000)
    afterAll(() => server?.[Symbol.asyncDispose](), 60_000)

    test(
      'count exactly',
      async () => {
        const store = postgres({ url: await server.newDatabase() })
        await countsExactly(store, manyCalls)
        await store.close()
      },
      timeoutMs,
    )
  })
})
