import type { Keyring } from '../crypto/keyring.ts'
import { monthOf } from '../kernel/time.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Storage, Write } from '../ports/storage.ts'
import { type AuditBlock, blockKind, newBlock } from './block.ts'
import type { Codec, Loaded } from './codec.ts'
import type { AuditDraft } from './events.ts'
import { kind } from './kind.ts'

// Each engine has one lane per organisation, and appends to it. It writes the head of the lane in the same batch as a block, and
// expects the version of the head that it read. So the store refuses a block whose predecessor is not stored.

/** Where a lane ends. */
export interface LaneHead {
  readonly id: string
  readonly org: string
  readonly lane: string
  readonly next: number
  /** The MAC of the last block. */
  readonly mac: string
  readonly at: number
  /** Number of metered events of the lane in the month of the last one. */
  readonly usage?: MonthlyUsage
}

interface MonthlyUsage {
  /** UTC, such as `2026-11`. */
  readonly month: string
  readonly requests: number
}

/** Global, because the engine reads every head when it starts, to know the latest time that was ever stored. */
export const laneKind = kind<LaneHead>('auditLane', {
  scope: 'global',
  indexes: { org: { unique: true, key: ({ org, lane }) => [org, lane] } },
  remembered: false,
})

/** The count of a lane in a past month. */
export interface LaneMonth extends MonthlyUsage {
  readonly id: string
  readonly org: string
}

/** Global, as the heads are. */
export const laneMonthKind = kind<LaneMonth>('auditLaneMonth', {
  scope: 'global',
  indexes: { org: { key: ({ org, month }) => [org, month] } },
})

/** Extends chains by the events of one batch. */
export interface Lanes {
  /** The block of these events. The next call builds on it, so batches are stored in the order of calls. */
  extend(org: string, drafts: readonly AuditDraft[], now: number, version: () => string): Promise<Extension>
  /** Call it after a batch was refused or lost. The next call reads the ends of the chains from the store again. */
  forget(): void
}

/** A block, and the writes that append it to its lane. */
export interface Extension {
  readonly block: AuditBlock
  readonly writes: readonly Write[]
}

type Head = Pick<Loaded<LaneHead>, 'value' | 'version'>

export function lanes(storage: Storage, codec: Codec, keyring: Keyring, crypto: Crypto, lane: string): Lanes {
  const heads = new Map<string, Head>()

  const headOf = async (org: string): Promise<Head | null> => {
    const known = heads.get(org)
    if (known) return known
    const [stored] = await storage.get([{ kind: laneKind.name, id: codec.refId(laneKind, null, headId(org, lane)) }])
    return stored ? codec.open(laneKind, null, stored) : null
  }

  return {
    extend: async (org, drafts, now, version) => {
      const before = await headOf(org)
      // What an engine that was killed had on its way to the store may come after another has read how late it is.
      const at = Math.max(now, before?.value.at ?? 0)
      const [first, previous] = [before?.value.next ?? 0, before?.value.mac ?? '']
      const block = newBlock(crypto, keyring.audit(org), { lane, first, at, previous, drafts })
      const { usage, closed } = usageAfter(before?.value, drafts, at)
      const head: LaneHead = {
        ...{ id: headId(org, lane), org, lane, next: first + drafts.length, mac: block.mac, at },
        ...(usage && { usage }),
      }
      const headVersion = version()
      heads.set(org, { value: head, version: headVersion })
      const writes = [
        codec.put(blockKind, org, block, null, version()),
        codec.put(laneKind, null, head, before?.version ?? null, headVersion),
        ...(closed
          ? [codec.put(laneMonthKind, null, { ...closed, id: `${head.id}.${closed.month}`, org }, null, version())]
          : []),
      ]
      return { block, writes }
    },
    forget: () => heads.clear(),
  }
}

/** The count with these events. The first one of a new month closes the count of the month before. */
function usageAfter(
  before: LaneHead | undefined,
  drafts: readonly AuditDraft[],
  at: number,
): { readonly usage: MonthlyUsage | undefined; readonly closed?: MonthlyUsage } {
  const counted = before?.usage
  const added = drafts.reduce((sum, { metered }) => sum + (metered ? 1 : 0), 0)
  if (added === 0) return { usage: counted }
  const month = monthOf(at)
  if (counted?.month === month) return { usage: { month, requests: counted.requests + added } }
  return { usage: { month, requests: added }, ...(counted && { closed: counted }) }
}

/** The id of the end of a lane, unique among all organisations. */
export function headId(org: string, lane: string): string {
  return `${org}.${lane}`
}
