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
// time. One of them is killed in the middle of each third round, and another takes its place. In the end the sum of all lanes is
// the number of events in the trail, no answered call is missing, and no call counts twice.
//
// PAWL_TEST_CALLS=100000 npx vitest run packages/server/test/usage.test.ts -t SQLite

const manyCalls = Number(process.env.PAWL_TEST_CALLS ?? times('metered calls', { quick: 1_000, whole: 10_000 }))
const killEvery = 3
const timeoutMs = Math.max(300_000, manyCalls * 9)
const minute = 60_000

type Store = PawlOptions['storage']

/** A store of one process. After its death no call arrives, and none is answered: what was on its way may be stored. */
function mortal(storage: Store): { readonly storage: Store; kill(): void } {
  let isDead = false
  const never = new Promise<never>(() => {})
  const alive =
    <Given extends unknown[], R>(call: (...given: Given) => Promise<R>) =>
    async (...given: Given): Promise<R> => {
      if (isDead) return never
      const answer = await call(...given)
      return isDead ? never : answer
    }
  const { get, scan, commit, commitMany } = storage
  return {
    storage: {
      ...{ setup: async () => {}, close: async () => {} },
      ...{ get: alive(get), scan: alive(scan), commit: alive(commit) },
      ...(commitMany && { commitMany: alive(commitMany) }),
    },
    kill: () => {
      isDead = true
    },
  }
}

interface Life {
  readonly pawl: Pawl
  kill(): void
}

async function countsExactly(store: Store, calls: number): Promise<void> {
  const hsm = memoryHsm()
  const clock = manualClock('2026-01-01T00:00:00Z')
  await store.setup()
  const open = async (): Promise<Life> => {
    const { storage, kill } = mortal(store)
    const parts = { storage, hsm, clock, crypto: nodeCrypto(), background: false, passwordCost: cheapPasswords }
    return { pawl: await createPawl(parts), kill }
  }
  const lives: [Life, Life] = [await open(), await open()]
  const { user } = await lives[0].pawl.firstOwner({ email: 'owner@example.com' })
  const owner = () => lives[0].pawl.as({ user })
  const { id: vault_id } = await owner().vaults.create({ name: 'prod' })
  await owner().secrets.put({ vault_id, path: 'db/password', value: tagged('x') })
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
      const victim = kills % 2
      const [ofVictim = []] = asking.splice(victim, 1)
      // Some calls are answered by then or on their way to the store, or none has arrived there.
      if (kills % 4 < 2) await Promise.race(ofVictim)
      lives[victim]?.kill()
      lives[victim] = await open()
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
  expect(inTrail - before).toBeGreaterThanOrEqual(answered)
  expect(inTrail - before).toBeLessThan(asked)
  for (const life of lives) await life.pawl.close()
}

describe('metered calls on two engines that are killed', () => {
  test('count exactly in memory', () => countsExactly(memoryStorage(), 1_000), 300_000)

  test('count exactly in a SQLite file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pawl-usage-'))
    const store = sqlite({ path: join(folder, 'vault.db') })
    await countsExactly(store, manyCalls)
    await store.close()
    await rm(folder, { recursive: true })
  }, timeoutMs)

  describe.skipIf(!hasPostgres)('in PostgreSQL', () => {
    let server: Postgres
    beforeAll(async () => {
      server = await startPostgres({ fsync: false })
    }, 120_000)
    afterAll(() => server?.[Symbol.asyncDispose](), 60_000)

    test('count exactly', async () => {
      const store = postgres({ url: await server.newDatabase() })
      await countsExactly(store, manyCalls)
      await store.close()
    }, timeoutMs)
  })
})
