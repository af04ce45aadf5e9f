import { createHook } from 'node:async_hooks'
import type { PawlOptions } from '@pawl/core'
import type { Crypto } from '@pawl/core/ports'
import { memoryStorage, nobleCrypto } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: what a call costs does not grow unnoticed. Method: counts that are the same on every machine: primitives of
// cryptography, calls to the store, bytes that are stored, promises. A lower number is a reason to lower the limit.

const atOnce = 50

/** Counts what `work` does in a vault with one secret, after everything was used once. */
async function costOf(
  call: (as: Client, at: number) => Promise<unknown>,
  { policies = 1, tiers, rounds = 1, payers: payersWanted = 0, isShared = false, isSession = false }: Wanted = {},
) {
  const counts = { encrypt: 0, decrypt: 0, hmacSha256: 0, sha256: 0, commits: 0, conflicts: 0, reads: 0, bytes: 0 }
  const { exclusive, ...storage } = memoryStorage()
  const watched = {
    ...storage,
    ...(isShared ? {} : { exclusive }),
    get: counting(counts, 'reads', storage.get),
    scan: counting(counts, 'reads', storage.scan),
    commitMany: async (...[batches, sync]: Parameters<typeof storage.commitMany>) => {
      counts.commits++
      for (const write of batches.flat()) if (write.op === 'put') counts.bytes += write.body.length
      const answers = await storage.commitMany(batches, sync)
      counts.conflicts += answers.filter((answer) => answer !== null).length
      return answers
    },
  }
  const world = await testPawl({
    storage: watched,
    crypto: counted(nobleCrypto, counts),
    ...(tiers !== undefined && { tiers }),
  })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id, path: 'db/password', value: tagged('x'.repeat(20)) })
  const permissions = ['read' as const, 'write' as const]
  const grants = Array.from({ length: policies }, (_, at) => ({
    permissions,
    pattern: at === 0 ? 'db/*' : `other/${at}/*`,
  }))
  const { key } = await world.agent({ vault: vault_id, policies: grants })
  const { access_token } = await (isSession
    ? sessionIn(world, vault_id)
    : world.pawl.as({}).auth.agentToken({ api_key: key }))
  const as = world.pawl.as(access_token.reveal())
  const payers = await Promise.all(Array.from({ length: payersWanted }, () => payerIn(world)))
  const round = () =>
    Promise.all(Array.from({ length: atOnce }, (_, at) => call({ secrets: as.secrets, vault_id, payers }, at)))
  await round()
  for (const name of Object.keys(counts)) counts[name as keyof typeof counts] = 0
  for (let made = 0; made < rounds; made++) await round()
  const all = { ...counts }
  const promises = (await promisesOf(round)) / atOnce
  await world.close()
  return { ...all, promises }
}

/** An agent that signs transactions within a limit. */
async function payerIn({ owner, agent, pawl }: World): Promise<Payer> {
  const { id, key } = await agent({ intents_api_enabled: true, tx_daily_limit: '1000' })
  await owner.signers.create({ agent_id: id, chain: 'ethereum' })
  const { access_token } = await pawl.as({}).auth.agentToken({ api_key: key })
  return pawl.as(access_token.reveal()).intents
}

/** A person who signed in, and who may read the vault. */
async function sessionIn({ owner, pawl }: World, vault_id: string) {
  const member = { email: 'member@example.com', password: tagged('Correct-Horse-7') }
  const { id } = await owner.orgs.addMember(member)
  const grant = { vault_id, secret_path_pattern: 'db/*', permissions: ['read' as const] }
  await owner.policies.create({ ...grant, principal_type: 'user', principal_id: id })
  return pawl.as({}).auth.token(member)
}

interface Wanted {
  /** Other engines may write to the same store. */
  readonly isShared?: boolean
  readonly isSession?: boolean
  readonly policies?: number
  readonly tiers?: Tiers | null
  readonly rounds?: number
  readonly payers?: number
}

type Tiers = NonNullable<PawlOptions['tiers']>
type World = Awaited<ReturnType<typeof testPawl>>
type Payer = World['owner']['intents']

interface Client {
  readonly secrets: World['owner']['secrets']
  readonly vault_id: string
  readonly payers: readonly Payer[]
}

function counted(crypto: Crypto, counts: Record<string, number>): Crypto {
  return {
    ...crypto,
    encrypt: counting(counts, 'encrypt', crypto.encrypt),
    decrypt: counting(counts, 'decrypt', crypto.decrypt),
    hmacSha256: counting(counts, 'hmacSha256', crypto.hmacSha256),
    sha256: counting(counts, 'sha256', crypto.sha256),
  }
}

function counting<Given extends unknown[], R>(
  counts: Record<string, number>,
  name: string,
  call: (...given: Given) => R,
): (...given: Given) => R {
  return (...given) => {
    counts[name] = (counts[name] ?? 0) + 1
    return call(...given)
  }
}

async function promisesOf(work: () => Promise<unknown>): Promise<number> {
  let promises = 0
  const hook = createHook({
    init: (_, type) => {
      if (type === 'PROMISE') promises++
    },
  }).enable()
  await work()
  hook.disable()
  return promises
}

const read = ({ secrets, vault_id }: Client) => secrets.get({ vault_id, path: 'db/password' })

describe(`of ${atOnce} reads at once`, () => {
  it('each opens its value and checks its token, and all share one MAC, one commit and its two records', async () => {
    const cost = await costOf(read)
    expect(cost).toMatchObject({ decrypt: atOnce, sha256: atOnce, hmacSha256: 1, encrypt: 2, commits: 1, reads: 0 })
  })

  it('each stores 110 bytes and makes few promises', async () => {
    const { bytes, promises } = await costOf(read)
    expect(bytes / atOnce).toBeLessThan(112)
    expect(promises).toBeLessThan(11)
  })

  it('none costs more because it counts as usage, nor because the server has tiers without a limit of requests', async () => {
    const [none, counted] = [await costOf(read, { tiers: null }), await costOf(read)]
    expect({ ...counted, bytes: 0, promises: 0 }).toEqual({ ...none, bytes: 0, promises: 0 })
    // A task on a timer can fall into either round and add its few promises there.
    expect(Math.abs(counted.promises - none.promises)).toBeLessThan(0.5)
  })

  it('none waits or runs again if the tier limits requests, because the engine reserves in advance and in shared commits', async () => {
    const free = { limits: { requests: 2 ** 31 - 1 } }
    const rounds = 100
    const cost = await costOf(read, { tiers: { default: 'free', tiers: { free } }, rounds })
    expect(cost).toMatchObject({ decrypt: rounds * atOnce, hmacSha256: rounds, conflicts: 0 })
    const reservationsMax = 12
    expect(cost.encrypt - 2 * rounds).toBeLessThan(reservationsMax)
    expect(cost.commits - rounds).toBeLessThan(reservationsMax)
  })

  it('none asks a store that other engines share, whether an agent reads or a person who signed in', async () => {
    for (const isSession of [false, true]) {
      const { reads, commits } = await costOf(read, { isShared: true, isSession })
      expect({ isSession, reads, commits }).toEqual({ isSession, reads: 0, commits: 1 })
    }
  })

  it('none costs more with a hundred policies', async () => {
    const [few, many] = [await costOf(read), await costOf(read, { policies: 100 })]
    expect({ ...many, bytes: 0, promises: 0 }).toEqual({ ...few, bytes: 0, promises: 0 })
  })
})

describe(`of ${atOnce} writes at once`, () => {
  it('each seals its value and two records, data keys are wrapped in advance, and all share one commit', async () => {
    const write = ({ secrets, vault_id }: Client, at: number) =>
      secrets.put({ vault_id, path: `db/${at}`, value: tagged('x') })
    const { encrypt, bytes, promises, ...cost } = await costOf(write)
    const blocks = cost.hmacSha256
    expect(cost).toEqual({ decrypt: 0, sha256: atOnce, hmacSha256: 2, commits: 1, conflicts: 0, reads: 0 })
    const keysInAdvanceMax = 64
    expect(encrypt - 3 * atOnce - 2 * blocks).toBeLessThanOrEqual(keysInAdvanceMax)
    expect(bytes / atOnce).toBeLessThan(1_140)
    expect(promises).toBeLessThan(21)
  })
})

describe('of writers that follow each other to the same few secrets', () => {
  it('none brings to the store what it must refuse, and none reads again what is in memory', async () => {
    const { conflicts, reads } = await costOf(async ({ secrets, vault_id }, at) => {
      for (let round = 0; round < 8; round++) {
        const path = `db/${(at * 7 + round * 5) % 20}`
        await secrets.put({ vault_id, path, value: tagged('x') })
      }
    })
    expect({ conflicts, reads }).toEqual({ conflicts: 0, reads: 0 })
  })
})

describe(`of ${atOnce} agents that sign a transaction at once`, () => {
  it('each opens its key once and seals four records, none runs twice, and all share one commit', async () => {
    const to = '0x000000000000000000000000000000000000dEaD'
    const asked = {
      chain: 'base',
      to,
      value: '0.000001',
      nonce: 1,
      max_fee_per_gas: '2',
      max_priority_fee_per_gas: '1',
    }
    const sign = ({ payers }: Client, at: number) => payers[at]?.sign({ agent_id: 'me', ...asked }) ?? Promise.reject()
    const { encrypt, hmacSha256: blocks, bytes, promises, ...cost } = await costOf(sign, { payers: atOnce })
    // A run hashes the token and the recipient.
    expect(cost).toEqual({ decrypt: atOnce, sha256: 2 * atOnce, commits: 1, conflicts: 0, reads: 0 })
    expect(encrypt - 2 * blocks).toBe(4 * atOnce)
    expect(bytes / atOnce).toBeLessThan(2_810)
    expect(promises).toBeLessThan(18)
  })
})
