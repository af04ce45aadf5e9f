import { base64url, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { limits } from '../../kernel/limits.ts'
import { nextTurn } from '../../kernel/turn.ts'
import type { Engine } from '../../operations/index.ts'
import { kind, type Reading, type Reads, type Unit } from '../../records/index.ts'
import { vaultKind } from '../vaults/index.ts'
import { type SecretEntry, secretKind } from './records.ts'

// The feed of a vault is an index. It has each secret once, at its latest change. So the feed has as many entries as the vault
// has secrets, and the engine never needs to trim it.
//
// Changes are ordered by epoch. The engine stores each change in the open epoch. The commit checks that this epoch is still open.
// A reader closes an epoch before it reads its changes. So no change joins an epoch that was read, in any order of commits, and
// changes of different secrets do not wait for each other.

/** The epochs of the feed of a vault. The id is that of the vault. Missing until the first reader comes. */
interface Feed {
  readonly id: string
  /** The open one. */
  readonly epoch: number
  /** Secrets were removed from the feed up to this epoch. A reader who was not past it may have missed a removal. */
  readonly dropped: number
}

export const feedKind = kind<Feed>('secretFeed', { idOf: 'vault' })

function feedOf(unit: Reads, vaultId: string): Feed {
  return unit.get(feedKind, vaultId) ?? { id: vaultId, epoch: 1, dropped: 0 }
}

/** Stages a secret with what has changed about it, as the latest entry of the feed. */
export function putChanged(
  unit: Unit,
  secret: Omit<SecretEntry, 'epoch'>,
  isRestored?: SecretEntry['isRestored'],
): SecretEntry {
  const feed = feedOf(unit, secret.vaultId)
  // Without a spread, because every write comes here.
  const changed: { [Field in keyof Required<SecretEntry>]: SecretEntry[Field] } = {
    id: secret.id,
    vaultId: secret.vaultId,
    path: secret.path,
    newest: secret.newest,
    current: secret.current,
    deletedAt: secret.deletedAt,
    deletions: secret.deletions,
    firstVersion: secret.firstVersion,
    epoch: feed.epoch,
    isRestored,
    counted: secret.counted,
  }
  unit.check(feedKind, feed)
  unit.put(secretKind, changed)
  return changed
}

/** Stages a deletion. The secret can be restored for a while. */
export function putDeleted(unit: Unit, secret: SecretEntry, now: number): SecretEntry {
  return putChanged(unit, { ...secret, deletedAt: now, deletions: secret.deletions + 1 })
}

/** Stages the permanent removal of a secret. Readers who have not seen its deletion must start over. */
export function dropFromFeed(unit: Unit, secret: SecretEntry): void {
  const feed = feedOf(unit, secret.vaultId)
  const dropped = Math.max(feed.dropped, secret.deletedAt === null ? feed.epoch : secret.epoch)
  unit.put(feedKind, { ...feed, dropped, epoch: Math.max(feed.epoch, dropped + 1) })
  unit.delete(secretKind, secret)
}

/** The position of a reader, who has read everything before it. Without an id, the reader has read nothing of the epoch. */
export interface Position {
  readonly epoch: number
  readonly id: string | null
}

export function cursorText(vaultId: string, { epoch, id }: Position): string {
  return base64url(utf8(JSON.stringify([1, vaultId, epoch, id])))
}

/** Null when the text is not a cursor of the feed of this vault. */
export function positionFrom(text: string, vaultId: string): Position | null {
  try {
    const [format, vault, epoch, id] = JSON.parse(fromUtf8(fromBase64url(text) ?? new Uint8Array()))
    const isPosition = format === 1 && vault === vaultId && Number.isSafeInteger(epoch) && epoch >= 0
    return isPosition && (id === null || isId(id)) ? { epoch, id } : null
  } catch {
    return null
  }
}

const isId = (id: unknown) => typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)

export interface Changes {
  readonly secrets: readonly SecretEntry[]
  /** The position up to which the feed was read. */
  readonly reached: Position
  /** Whether the feed has no more changes. */
  readonly isAll: boolean
}

const rowsMax = 4 * limits.rowsPerTurnMax

/** Reads the changes after a position, each secret once. Null: a secret may have been removed from the feed since then. */
export async function changesAfter(
  engine: Engine,
  org: string,
  vaultId: string,
  after: Position | null,
): Promise<Changes | null> {
  const { epoch, dropped } = await closeEpoch(engine, org, vaultId)
  const end: Position = { epoch, id: null }
  if (after === null) return { secrets: [], reached: end, isAll: true }
  // A position ahead of the feed is from before a backup was restored.
  if (after.epoch <= dropped || after.epoch > epoch) return null
  // The open epoch is empty, and the caller has read everything before it.
  if (after.epoch === epoch && after.id === null) return { secrets: [], reached: end, isAll: true }
  const secrets: SecretEntry[] = []
  let from = after
  while (secrets.length < rowsMax) {
    const page = await engine.records.reading(org).page(secretKind, 'changed', {
      ...unread(vaultId, from),
      to: [vaultId, epoch],
      limit: limits.rowsPerTurnMax,
    })
    secrets.push(...page)
    if (page.length < limits.rowsPerTurnMax) return { secrets, reached: end, isAll: true }
    from = positionAt(page[page.length - 1] as SecretEntry)
    await nextTurn()
  }
  return { secrets, reached: from, isAll: false }
}

/** Whether anything has changed after a position. */
export async function hasChanged(reading: Reading, vaultId: string, after: Position): Promise<boolean> {
  const found = await reading.page(secretKind, 'changed', { ...unread(vaultId, after), limit: 1 })
  return found.length > 0
}

/**
 * Whether the feed has nothing new after this position. An engine that is alone on its store answers from memory. If this is false,
 * `changesAfter` reads the changes. It may find none.
 */
export function isAtEnd(unit: Reads, vaultId: string, { epoch, id }: Position): boolean {
  const feed = feedOf(unit, vaultId)
  const isInOpenEpoch = id === null && feed.epoch === epoch && feed.dropped < epoch
  return isInOpenEpoch && unit.list(secretKind, 'changed', vaultId, epoch).length === 0
}

export function positionAt({ id, epoch }: SecretEntry): Position {
  return { epoch, id }
}

function unread(vaultId: string, { epoch, id }: Position) {
  const tuple = [vaultId]
  return id === null ? { tuple, from: [vaultId, epoch] } : { tuple, after: [vaultId, epoch, id] }
}

/** Opens the next epoch if the open one has a change. Every change before is in the store, and none comes to it. */
async function closeEpoch({ records }: Engine, org: string, vaultId: string): Promise<Feed> {
  const before = await records.transactIn(org, (unit) => feedOf(unit, vaultId))
  const isEmpty = !(await hasChanged(records.reading(org), vaultId, { epoch: before.epoch, id: null }))
  if (isEmpty) return before
  return records.transactIn(org, (unit) => {
    const feed = feedOf(unit, vaultId)
    if (feed.epoch !== before.epoch) return feed
    const next = { ...feed, epoch: feed.epoch + 1 }
    // A feed that outlives its vault would stay for ever.
    const vault = unit.get(vaultKind, vaultId)
    if (!vault) return next
    unit.check(vaultKind, vault)
    unit.put(feedKind, next)
    return next
  })
}
