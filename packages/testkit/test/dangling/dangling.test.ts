import { type PawlClient, registry } from '@pawl/core'
import { memoryAuditSink, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { originOf } from '@pawl/core/surfaces'
import { describe, expect, it } from 'vitest'
import { crashingSqlite } from '../../../../tools/real-parts/crashing-sqlite.ts'
import { hasPostgres } from '../../../../tools/real-parts/postgres.ts'
import { postgresSchemas } from '../../../../tools/real-parts/postgres-schemas.ts'
import { isLong, isWhole, some, struck } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../../../adapters/src/crypto/node.ts'
import { postgres } from '../../../adapters/src/storage/postgres.ts'
import { joinAreas } from '../../../core/src/engine/join-areas.ts'
import type { AnyStorage, OpenStorage } from '../../src/conformance/storage.ts'
import { crashEverywhere, type Invariant, type Scenario, scenariosOf } from '../../src/faults/index.ts'
import { remains } from '../../src/faults/remains.ts'
import { examples, testPawl, type World } from '../../src/world/index.ts'
import { interceptStorage } from '../../src/wrappers/storage.ts'
import { changesBetween, type Opened, openAll } from './dangling.ts'
import { furnish } from './furnished.ts'

// Goal: whatever is removed, no record names it any more, except as history. Method: the example of every operation, and a
// vault whose parts refer to each other; then one subject after the other is removed, and every record that is left is
// opened and searched for the ids that are gone. A kind that no example makes a record of fails.

const crypto = nodeCrypto()
const listening = { name: 'listening', operations: {}, listensTo: { 'secret.read': async () => {} } }
const { kinds } = joinAreas([listening])

const subjects = ['vault', 'agent', 'user'] as const
type Subject = (typeof subjects)[number]

/** Every removal that there is, one at a time. */
async function removalsOf(subject: Subject, owner: PawlClient, ownId: string): Promise<(() => Promise<void>)[]> {
  const { vaults, agents, orgs } = owner
  if (subject === 'vault')
    return (await vaults.list()).vaults.map(
      ({ id }) =>
        () =>
          vaults.delete({ vault_id: id }),
    )
  if (subject === 'agent')
    return (await agents.list()).agents.map(
      ({ id }) =>
        () =>
          agents.delete({ agent_id: id }),
    )
  const others = (await orgs.listMembers()).members.filter(({ id }) => id !== ownId)
  return others.map(
    ({ id }) =>
      () =>
        orgs.removeMember({ user_id: id }),
  )
}

const furnished: Scenario = {
  name: 'bindings.delete in a furnished vault',
  operation: registry.bindings.delete,
  example: async (world) => {
    const { agent_id, binding_id } = await furnish(world)
    return { who: { user: world.ownerId }, input: { agent_id, binding_id } }
  },
}

interface Seen {
  readonly kinds: Set<string>
  /** Fields that named what is gone, as history. */
  readonly history: Set<string>
}

/** Makes the call, then removes every such subject; answers the fields that name something that is gone. */
async function danglingAfter(scenario: Scenario, subject: Subject, open: OpenStorage, seen: Seen) {
  const opened = await open()
  const noted = remains()
  const storage = noted.storage(notingKinds(opened.storage, seen.kinds))
  const hsm = memoryHsm({ crypto })
  const more = { auditSink: memoryAuditSink(), areas: [listening], rateLimits: true, auditKeepMs: 1 }
  const world = await testPawl({ storage, hsm, crypto, ...more })
  const remover = await world.member({ role: 'owner' })
  const { who, input } = await scenario.example(world)
  const dangling = new Set<string>()
  const look = () => openAll(noted.records.values(), kinds, { storage, hsm, crypto })
  let before = await look()
  const change = async (work: () => Promise<unknown>) => {
    await work()
    await settle(world)
    const after = await look()
    const changes = changesBetween(before, after)
    for (const field of changes.dangling) dangling.add(field)
    for (const field of changes.history) seen.history.add(field)
    before = after
  }
  await change(() => world.pawl.perform(scenario.operation, input, { ...originOf(who), idempotencyKey: scenario.name }))
  for (const remove of await removalsOf(subject, remover.as, remover.id)) await change(remove)
  await world.close()
  await opened.destroy?.()
  return [...dangling]
}

async function settle({ pawl, clock }: World): Promise<void> {
  clock.advance(3_600_000)
  while ((await pawl.runJobs()) > 0);
}

function notingKinds(storage: AnyStorage, kinds: Set<string>): AnyStorage {
  return interceptStorage(storage, (call, work) => {
    const writes = call.method === 'commit' ? call.writes : call.method === 'commitMany' ? call.batches.flat() : []
    for (const { kind } of writes) kinds.add(kind)
    return work()
  })
}

/** One that other engines may use as well, so that what is stored for them is there. */
const sharedMemory: OpenStorage = () => {
  const { exclusive: _, ...storage } = memoryStorage()
  return { storage }
}

describe('nothing names what is gone', () => {
  const seen: Seen = { kinds: new Set(), history: new Set() }
  const all = scenariosOf(registry, examples)

  for (const scenario of [furnished, ...some('operations after which everything is removed', 24, all)]) {
    it.each(subjects)(`after ${scenario.name}, when every %s is removed`, async (subject) => {
      expect(await danglingAfter(scenario, subject, sharedMemory, seen)).toEqual([])
    })
  }

  it.runIf(isWhole)('and every kind of record was there', () => {
    // Only a request with a proof makes the first. It is one secret, and names nothing. The second names an output on a chain. The
    // others need tiers, a payment or the end of a month: the tests of billing and x402 have them.
    const elsewhere = ['proofNonce', 'outputLock', ...ofPayments]
    const missing = kinds.map(({ name }) => name).filter((name) => !seen.kinds.has(name))
    expect(missing.filter((name) => !elsewhere.includes(name))).toEqual([])
  })

  it.runIf(isWhole)('and every field that is declared as history named something', () => {
    const declared = kinds.flatMap((kind) => kind.history.map((field) => `${kind.name}.${field}`))
    expect(declared.filter((field) => !seen.history.has(field) && !notRemovedHere.includes(field))).toEqual([])
  })
})

/** Global, and named by an organisation and a month, or by a payment. */
const ofPayments = ['auditLaneMonth', 'x402Claim', 'requestAllowance', 'platformUsage', 'billingMonth', 'billingRoom']

/** What these name goes in ways that no example takes: a connection, a consent, an approval or a webhook event that ends. */
const notRemovedHere = [
  ...['vault.connection', 'agent.connection', 'platformConnection.grantedAgentIds', 'oauthGrant.consentId'],
  ...['approval.requestedBy', 'approval.targetId', 'approval.payload', 'approval.summary', 'revision.approvedBy'],
  ...['transaction.request', 'transaction.approvalId', 'transaction.accessId', 'transaction.safe', 'proposal.askedBy'],
  ...[
    'pendingApproval.submittedBy',
    'pendingApproval.payload',
    'pendingApproval.request',
    'pendingApproval.submittersCredential',
    'internalAccount.createdBy',
    'ledgerEntry.reference',
  ],
  ...['depositDestination.createdBy', 'depositDestination.walletId', 'platformUsage.id', 'platformUsage.connectionId'],
  ...['shroudActivityCounts.byAgent', 'webhookDelivery.eventId', 'pendingApproval.submittersHuman'],
  'openPendingApproval.subject',
]

/** Each way to remove something, in a furnished vault. */
const removals = (
  [
    ['vaults.delete', registry.vaults.delete, ({ vault_id }) => ({ vault_id })],
    ['agents.delete', registry.agents.delete, ({ agent_id }) => ({ agent_id })],
    ['agents.batchDelete', registry.agents.batchDelete, ({ agent_id }) => ({ agent_ids: [agent_id] })],
    ['orgs.removeMember', registry.orgs.removeMember, ({ user_id }) => ({ user_id })],
  ] satisfies [string, Scenario['operation'], (made: Awaited<ReturnType<typeof furnish>>) => object][]
).map(([name, operation, inputOf]): Scenario => {
  const example: Scenario['example'] = async (world) => {
    const input = { ...inputOf(await furnish(world)) }
    return { who: { user: world.ownerId }, input }
  }
  return { name, operation, example }
})

/** Kills the engine at calls of a removal. Returns after how many of the kills something was gone. */
async function killEverywhere(scenario: Scenario, open: OpenStorage): Promise<number> {
  let before: Opened[] = []
  let start = async (_: World): Promise<Opened[]> => []
  let removed = 0
  const noting: OpenStorage = async () => {
    const opened = await open()
    const noted = remains()
    const storage = noted.storage(opened.storage)
    start = ({ hsm }) => openAll(noted.records.values(), kinds, { storage, hsm, crypto })
    return { ...opened, storage }
  }
  const example: Scenario['example'] = async (world) => {
    const made = await scenario.example(world)
    before = await start(world)
    return made
  }
  const nothingDangles: Invariant = {
    name: 'no record names what is gone',
    check: async ({ remains: { records }, ...parts }) => {
      const { gone, dangling } = changesBetween(before, await openAll(records.values(), kinds, parts))
      if (gone.size > 0) removed++
      expect([...dangling]).toEqual([])
    },
  }
  await crashEverywhere({ ...scenario, example }, { open: noting, crypto, invariants: [nothingDangles], ...struck(24) })
  return removed
}

const killMs = 300_000
const areKilled = isLong('removals that are killed at their calls')

function testStore(open: OpenStorage): void {
  it.each(subjects)('names nothing that is gone when every %s is removed', async (subject) => {
    const seen: Seen = { kinds: new Set(), history: new Set() }
    expect(await danglingAfter(furnished, subject, open, seen)).toEqual([])
  })

  it.runIf(areKilled).each(removals)(
    'names nothing that is gone when the engine is killed at a call of $name, and another goes on',
    async (scenario) => {
      expect(await killEverywhere(scenario, open)).toBeGreaterThan(0)
    },
    killMs,
  )
}

describe('a store in memory', () => testStore(() => ({ storage: memoryStorage() })))

describe.runIf(isLong('removals on a SQLite file'))('a SQLite file', () => testStore(crashingSqlite))

describe.skipIf(!hasPostgres)('a PostgreSQL database', () => {
  const next = postgresSchemas()

  testStore(() => {
    const options = next()
    return { storage: postgres(options), again: () => postgres(options) }
  })
})
