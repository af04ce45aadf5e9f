import { type Agent, agentKind } from '../areas/agents/index.ts'
import { checkpointKind, droppedKind, type Segment, segmentKind } from '../areas/audit/index.ts'
import { type ApiKey, apiKeyKind } from '../areas/credentials/index.ts'
import { orgKind } from '../areas/orgs/index.ts'
import { policyKind } from '../areas/policies/index.ts'
import { shareKind } from '../areas/sharing/index.ts'
import { countKeyStores, type VaultKeys, vaultKeysKind } from '../areas/vaults/index.ts'
import { openKeyring } from '../crypto/keyring.ts'
import { isEncryptedByRecords, ownAbilities } from '../engine/join-areas.ts'
import { limits } from '../kernel/limits.ts'
import { day, minute } from '../kernel/time.ts'
import { brokenSettings, jobKind } from '../operations/index.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import { nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import type { Kept, Snapshot, Storage } from '../ports/storage.ts'
import { codec } from '../records/codec.ts'
import { type AnyKind, laneKind, openBody } from '../records/index.ts'

export interface ExamineOptions {
  /** An open storage. An engine can use it at the same time. */
  readonly storage: Storage & Snapshot
  readonly hsm: Hsm
  readonly crypto?: Crypto
  /** Milliseconds since 1970, by the clock of the caller. */
  readonly now: number
}

/** Facts about a vault, and problems that an operator must handle. Contains no secret. */
export interface Facts {
  /** Number of records of each kind. */
  readonly records: Readonly<Record<string, number>>
  /** Number of bodies that were tested, and of those that could not be decrypted. */
  readonly opened: number
  readonly damaged: number
  /** When the first organisation was created. Null if there is none. */
  readonly begunAt: number | null
  /** The latest stored time. */
  readonly newestAt: number
  /** Number of agents with an invalid stored setting, by setting name. */
  readonly brokenSettings: Readonly<Record<string, number>>
  /** Number of records that expire within 30 days, by kind. Without API keys that were created for at most 30 days. */
  readonly expiring: Readonly<Record<string, number>>
  /** Uses of the most used wrapping key, as a fraction of the maximum. */
  readonly wrapsUsed: number
  /** Number of vaults with keys in each key store of an organisation. */
  readonly keyStores: Readonly<Record<string, number>>
  readonly jobs: { readonly waiting: number; readonly failing: number; readonly late: number }
  /** Time of the last checkpoint of the audit trail. Null if there is none. */
  readonly signedAt: number | null
  /** Closed segments of the audit trail, and how many of them were exported and verified. */
  readonly segments: {
    readonly closed: number
    readonly exported: number
    /** When the oldest segment ended that was not exported. Null if all were. */
    readonly oldestUnexportedAt: number | null
    /** Number of events that were dropped after their export. */
    readonly droppedEvents: number
  }
}

const soonMs = 30 * day
const lateMs = 15 * minute
const attemptsMany = 3
/** For kinds without counted facts, one of so many records is tested. */
const sampleEvery = 50

/**
 * Reads a whole vault from one moment and returns the facts.
 *
 * @example
 * const { damaged, expiring } = await examine({ storage, hsm, now: Date.now() })
 */
export async function examine({ storage, hsm, crypto = nobleCrypto, now }: ExamineOptions): Promise<Facts> {
  const keyring = await openKeyring(storage, hsm, crypto, systemRandom)
  const { open } = codec(keyring)
  const records: Record<string, number> = {}
  const tally = newTally()
  for await (const chunk of storage.snapshot()) {
    for (const kept of chunk) {
      const number = (records[kept.kind] ?? 0) + 1
      records[kept.kind] = number
      const counter = counters[kept.kind]
      if (!isEncryptedByRecords(kept) || (!counter && number % sampleEvery !== 1)) continue
      tally.opened++
      if (!openBody(keyring, kept)) tally.damaged++
      else counter?.count(open(counter.kind, orgOf(counter.kind, kept), kept).value as never, tally, now)
    }
  }
  return { records, ...tally, keyStores: Object.fromEntries(tally.keyStores) }
}

const newTally = () => ({
  opened: 0,
  damaged: 0,
  begunAt: null as number | null,
  newestAt: 0,
  expiring: {} as Record<string, number>,
  brokenSettings: {} as Record<string, number>,
  wrapsUsed: 0,
  keyStores: new Map<string, number>(),
  jobs: { waiting: 0, failing: 0, late: 0 },
  signedAt: null as number | null,
  segments: { closed: 0, exported: 0, oldestUnexportedAt: null as number | null, droppedEvents: 0 },
})

type Tally = ReturnType<typeof newTally>

interface Counter {
  readonly kind: AnyKind
  count(record: never, tally: Tally, now: number): void
}

function expiring(kind: unknown, name: string): Counter {
  return {
    kind: kind as AnyKind,
    count: ({ expiresAt }: { expiresAt: number | null }, tally, now) => {
      const isSoon = expiresAt !== null && expiresAt > now && expiresAt <= now + soonMs
      if (isSoon) tally.expiring[name] = (tally.expiring[name] ?? 0) + 1
    },
  }
}

const expiringKeys = expiring(apiKeyKind, 'API key')

const expiringAgents = expiring(agentKind, 'agent')

const counters: Readonly<Record<string, Counter>> = {
  [agentKind.name]: {
    kind: agentKind as unknown as AnyKind,
    count: (agent: Agent, tally, now) => {
      expiringAgents.count(agent as never, tally, now)
      for (const name of brokenSettings(ownAbilities.agentSettings, agent.settings)) {
        tally.brokenSettings[name] = (tally.brokenSettings[name] ?? 0) + 1
      }
    },
  },
  [orgKind.name]: {
    kind: orgKind as unknown as AnyKind,
    count: ({ createdAt }: { createdAt: number }, tally) => {
      tally.begunAt = Math.min(tally.begunAt ?? createdAt, createdAt)
    },
  },
  [apiKeyKind.name]: {
    kind: apiKeyKind as unknown as AnyKind,
    count: (key: ApiKey, tally, now) => {
      // `pawl login` makes such keys, and makes a new one at each sign-in.
      const isShortLived = key.expiresAt !== null && key.expiresAt - key.createdAt <= soonMs
      if (!isShortLived) expiringKeys.count(key as never, tally, now)
    },
  },
  [policyKind.name]: expiring(policyKind, 'policy'),
  [shareKind.name]: expiring(shareKind, 'share'),
  [vaultKeysKind.name]: {
    kind: vaultKeysKind as unknown as AnyKind,
    count: (keys: VaultKeys, tally) => {
      tally.wrapsUsed = Math.max(tally.wrapsUsed, keys.wraps / limits.wrapsPerKeyMax)
      countKeyStores(tally.keyStores, keys)
    },
  },
  [jobKind.name]: {
    kind: jobKind as unknown as AnyKind,
    count: ({ attempts, dueAt }: { attempts: number; dueAt: number }, { jobs }, now) => {
      jobs.waiting++
      if (attempts >= attemptsMany) jobs.failing++
      else if (dueAt < now - lateMs) jobs.late++
    },
  },
  [laneKind.name]: {
    kind: laneKind as unknown as AnyKind,
    count: ({ at }: { at: number }, tally) => {
      tally.newestAt = Math.max(tally.newestAt, at)
    },
  },
  [checkpointKind.name]: {
    kind: checkpointKind as unknown as AnyKind,
    count: ({ at }: { at: number }, tally) => {
      tally.signedAt = Math.max(tally.signedAt ?? 0, at)
    },
  },
  [segmentKind.name]: {
    kind: segmentKind as unknown as AnyKind,
    count: ({ to, exported }: Segment, { segments }) => {
      segments.closed++
      if (exported) segments.exported++
      else segments.oldestUnexportedAt = Math.min(segments.oldestUnexportedAt ?? to, to)
    },
  },
  [droppedKind.name]: {
    kind: droppedKind as unknown as AnyKind,
    count: ({ next }: { next: number }, { segments }) => {
      segments.droppedEvents += next
    },
  },
}

function orgOf({ scope }: AnyKind, { id }: Kept): string | null {
  return scope === 'org' ? id.slice(0, id.indexOf('/')) : null
}
