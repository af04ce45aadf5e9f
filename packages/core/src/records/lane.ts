import type { Keyring } from '../crypto/keyring.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Storage, Write } from '../ports/storage.ts'
import type { Codec, Loaded } from './codec.ts'
import { type AuditDraft, type AuditEvent, eventHash, eventId } from './events.ts'
import { kind } from './kind.ts'

// Each engine appends to a lane of its own per organisation. The events of one batch are stored as one block, so an
// audited read costs a share of one insert; and the head of the lane is written in the same batch with the version it
// was read at, so a block whose predecessor was not stored cannot be stored either.

/** The events of one batch. */
export interface AuditBlock {
  readonly id: string
  readonly lane: string
  readonly first: number
  readonly at: number
  readonly events: readonly AuditEvent[]
}

/** Where a lane ends. */
export interface LaneHead {
  readonly id: string
  readonly org: string
  readonly lane: string
  readonly next: number
  readonly hash: string
  readonly lastId: string | null
  readonly at: number
}

export const blockKind = kind<AuditBlock>('auditBlock', {
  indexes: {
    // Blocks of one millisecond stand in the order of their lane, not of their names.
    time: { key: ({ at, lane, first }) => [at, lane, first] },
    lane: { unique: true, key: ({ lane, first }) => [lane, first] },
  },
  packing: { pack: packBlock, unpack: unpackBlock },
  remembered: false,
  history: ['events'],
})

/** What all events of a block share is written once, and what follows from the rest not at all: a block is written for
 * every batch of reads, so its size is felt. */
interface PackedBlock extends Omit<AuditBlock, 'events'> {
  readonly before: string | null
  readonly packed: readonly PackedEvent[]
}

type PackedEvent = readonly [
  hash: string,
  action: string,
  actorType: string,
  actorId: string,
  resourceType: string,
  resourceId: string,
  details: AuditEvent['details'],
  ip: string | null,
]

function packBlock({ id, lane, first, at, events }: AuditBlock): PackedBlock {
  const packed = events.map((event): PackedEvent => {
    const { hash, action, actorType, actorId, resourceType, resourceId, details, ip } = event
    return [hash, action, actorType, actorId, resourceType, resourceId, details, ip]
  })
  return { id, lane, first, at, before: events[0]?.previousId ?? null, packed }
}

function unpackBlock({ id, lane, first, at, before, packed }: PackedBlock): AuditBlock {
  let previousId = before
  const events = packed.map((fields, index): AuditEvent => {
    const [hash, action, actorType, actorId, resourceType, resourceId, details, ip] = fields
    const told = { action, actorType, actorId, resourceType, resourceId, details, ip }
    const event = { ...told, id: eventId(hash), at, lane, sequence: first + index, previousId, hash }
    previousId = event.id
    return event
  })
  return { id, lane, first, at, events }
}

/** Global, because the engine reads every head when it starts, to know the latest time that was ever stored. */
export const laneKind = kind<LaneHead>('auditLane', {
  scope: 'global',
  indexes: { org: { unique: true, key: ({ org, lane }) => [org, lane] } },
  remembered: false,
})

/** Extends chains by the events of one batch. */
export interface Lanes {
  /** The writes that append these events. The next call builds on them, so batches are stored in the order of calls. */
  extend(org: string, drafts: readonly AuditDraft[], at: number, version: () => string): Promise<Write[]>
  /** After a batch was refused or lost: what the chains end with is read again from the store. */
  forget(): void
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
    extend: async (org, drafts, at, version) => {
      const before = await headOf(org)
      const first = before?.value.next ?? 0
      const events = chain(crypto, keyring.audit(org), org, lane, before?.value ?? null, drafts, at)
      const last = events[events.length - 1] as AuditEvent
      const block: AuditBlock = { id: `${lane}.${first}`, lane, first, at, events }
      const next = first + events.length
      const head: LaneHead = { id: headId(org, lane), org, lane, next, hash: last.hash, lastId: last.id, at }
      const headVersion = version()
      heads.set(org, { value: head, version: headVersion })
      return [
        codec.put(blockKind, org, block, null, version()),
        codec.put(laneKind, null, head, before?.version ?? null, headVersion),
      ]
    },
    forget: () => heads.clear(),
  }
}

function chain(
  crypto: Crypto,
  key: Uint8Array,
  org: string,
  lane: string,
  head: LaneHead | null,
  drafts: readonly AuditDraft[],
  at: number,
): AuditEvent[] {
  let previous = head?.hash ?? ''
  let previousId = head?.lastId ?? null
  let sequence = head?.next ?? 0
  return drafts.map((draft) => {
    const placed = { ...draft, at, lane, sequence: sequence++ }
    const hash = eventHash(crypto, key, org, previous, placed)
    const event: AuditEvent = { ...placed, id: eventId(hash), previousId, hash }
    previous = hash
    previousId = event.id
    return event
  })
}

function headId(org: string, lane: string): string {
  return `${org}.${lane}`
}
