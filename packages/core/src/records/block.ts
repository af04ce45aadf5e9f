import { bytesOfHex, equalBytes, fromUtf8, hex, utf8 } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { AuditDraft, AuditEvent } from './events.ts'
import { kind } from './kind.ts'

// The engine stores the events of one batch as one block with one MAC, so audited reads share the cost of both. A block names
// the MAC of the block before it. So an attacker cannot change, remove or insert a block. The engine derives the ids and links
// of events, and does not store them.
//
//   body    = format (1 byte, 1)  MAC (32 bytes)  payload
//   payload = JSON [lane, number of the first event, time, MAC of the block before in hex, events, usage]
//   MAC     = HMAC-SHA-256 under the organisation's audit key, over the payload
//   event   = [action, actor type, actor, resource type, resource, details, address]; 0 repeats the event before it
//   usage   = [number of events, metered operation or 0, …] for runs of events; absent when no event counts as usage

/** The events of one batch. */
export interface AuditBlock extends BlockParts {
  /** `<lane>.<first>` */
  readonly id: string
  /** In hex, like `previous`. */
  readonly mac: string
  /** The stored bytes that the MAC covers. */
  readonly payload: Uint8Array
}

export interface BlockParts {
  readonly lane: string
  /** The number of its first event. */
  readonly first: number
  readonly at: number
  /** The MAC of the block before it; empty for the first block of a lane. */
  readonly previous: string
  readonly drafts: readonly AuditDraft[]
}

const format = 1
const macBytes = 32

export const blockKind = kind<AuditBlock>('auditBlock', {
  indexes: {
    // Blocks of one millisecond stand in the order of their lane, not of their names.
    time: { key: ({ at, lane, first }) => [at, lane, first] },
    lane: { unique: true, key: ({ lane, first }) => [lane, first] },
  },
  packing: { pack: packBlock, unpack: unpackBlock },
  remembered: false,
  history: ['drafts'],
})

export function newBlock(crypto: Crypto, key: Uint8Array, parts: BlockParts): AuditBlock {
  const { lane, first, at, previous, drafts } = parts
  const payload = utf8(JSON.stringify([lane, first, at, previous, packDrafts(drafts), ...packUsage(drafts)]))
  const mac = hex(crypto.hmacSha256(key, payload))
  return { id: `${lane}.${first}`, lane, first, at, previous, drafts, mac, payload }
}

/** Whether a block is unchanged since the engine wrote it. */
export function isAuthentic(crypto: Crypto, key: Uint8Array, { mac, payload }: AuditBlock): boolean {
  return equalBytes(utf8(hex(crypto.hmacSha256(key, payload))), utf8(mac))
}

/** The events of a block, in order. */
export function eventsOf(crypto: Crypto, { lane, first, at, previous, drafts, mac }: AuditBlock): AuditEvent[] {
  let previousId = first === 0 ? null : eventId(eventHash(crypto, previous, first - 1))
  return drafts.map((draft, index) => {
    const sequence = first + index
    const hash = eventHash(crypto, mac, sequence)
    const event = { ...draft, id: eventId(hash), at, lane, sequence, previousId, hash }
    previousId = event.id
    return event
  })
}

/** A globally unique hash for one event of the block with this MAC. */
export function eventHash(crypto: Crypto, mac: string, sequence: number): string {
  return hex(crypto.sha256(utf8(`pawl/1/event\n${mac}\n${sequence}`)))
}

export function eventId(hash: string): string {
  const variant = '89ab'[Number.parseInt(hash[16] as string, 16) & 3]
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

type Packed = readonly unknown[]
type Unpacked = { -readonly [Field in keyof AuditDraft]: AuditDraft[Field] }

function packDrafts(drafts: readonly AuditDraft[]): Packed[] {
  let before: Packed = []
  return drafts.map(({ action, actorType, actorId, resourceType, resourceId, details, ip }) => {
    const fields = [action, actorType, actorId, resourceType, resourceId, details, ip]
    const packed = fields.map((field, at) => (field === before[at] ? 0 : field))
    before = fields
    return packed
  })
}

function unpackDrafts(packed: readonly Packed[], usage: readonly (number | string)[]): AuditDraft[] {
  let before: Packed = []
  const metered = unpackUsage(usage)
  return packed.map((fields, index) => {
    before = fields.map((field, at) => (field === 0 ? before[at] : field))
    const [action, actorType, actorId, resourceType, resourceId, details, ip] = before
    const draft = { action, actorType, actorId, resourceType, resourceId, details, ip } as Unpacked
    const operation = metered[index]
    if (operation) draft.metered = operation
    return draft
  })
}

/** The last part of a payload: nothing, or the runs of events of one metered operation. */
function packUsage(drafts: readonly AuditDraft[]): (number | string)[][] {
  if (!drafts.some(({ metered }) => metered)) return []
  const runs: (number | string)[] = []
  for (const { metered = 0 } of drafts) {
    if (runs.at(-1) === metered) runs[runs.length - 2] = Number(runs.at(-2)) + 1
    else runs.push(1, metered)
  }
  return [runs]
}

function unpackUsage(runs: readonly (number | string)[]): (string | undefined)[] {
  const metered: (string | undefined)[] = []
  for (let at = 0; at < runs.length; at += 2) {
    const operation = runs[at + 1]
    for (let count = Number(runs[at]); count > 0; count--) metered.push(operation ? String(operation) : undefined)
  }
  return metered
}

function packBlock({ mac, payload }: AuditBlock): Uint8Array {
  const body = new Uint8Array(1 + macBytes + payload.length)
  body[0] = format
  body.set(bytesOfHex(mac), 1)
  body.set(payload, 1 + macBytes)
  return body
}

function unpackBlock(body: Uint8Array): AuditBlock {
  if (body[0] !== format) throw new TypeError(`An audit block has the format ${body[0]}. Upgrade Pawl.`)
  const payload = body.subarray(1 + macBytes)
  const [lane, first, at, previous, packed, usage = []] = JSON.parse(fromUtf8(payload))
  const mac = hex(body.subarray(1, 1 + macBytes))
  return { id: `${lane}.${first}`, lane, first, at, previous, drafts: unpackDrafts(packed, usage), mac, payload }
}
