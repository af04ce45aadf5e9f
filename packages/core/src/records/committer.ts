import { unavailable, unavailableBecause } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { nextTurn } from '../kernel/turn.ts'
import { type GroupCommit, type Ref, type Storage, StorageConflict, type Sync, type Write } from '../ports/storage.ts'
import type { AuditBlock } from './block.ts'
import type { Loaded } from './codec.ts'
import type { AuditDraft } from './events.ts'
import type { AnyKind } from './kind.ts'
import type { Lanes } from './lane.ts'

/** The writes and audit events of one unit of work. The store takes all of them or none. */
export interface Staged {
  readonly writes: readonly StagedWrite[]
  readonly events: readonly { readonly org: string; readonly draft: AuditDraft }[]
}

export interface StagedWrite {
  readonly write: Write
  /** Of the record, among all records. */
  readonly name: string
  readonly kind: AnyKind
  readonly org: string | null
  readonly id: string
  /** The record as it will be and as it was read. */
  readonly after: Loaded<unknown> | null
  readonly before: Loaded<unknown> | null
}

interface Waiting {
  readonly staged: Staged
  /** False for a unit that was not stored, because another one was faster. It reads and decides again. */
  resolve(isStored: boolean): void
  reject(error: unknown): void
}

interface CommitterOptions {
  readonly storage: Storage & Partial<GroupCommit>
  readonly lanes: Lanes
  /** For batches with only events, which come from reads and refusals. */
  readonly auditSync: Sync
  now(): number
  version(): string
  /** Called with the writes of a durable batch, before any caller gets an answer. */
  applied(writes: readonly StagedWrite[]): void
  /** Called with the audit blocks of a durable batch, before any caller gets an answer. It must not throw. */
  told(blocks: readonly OrgBlock[]): void
  /** Called with a batch that the store refused. Returns the records that another writer has changed. */
  outdated(conflict: StorageConflict, batch: readonly Write[]): Promise<readonly Ref[]>
  /** Called when the store fails, so that the state of the store is unknown. */
  lost(error: unknown): void
}

/** A block and the organisation in whose trail it stands. */
export interface OrgBlock {
  readonly org: string
  readonly block: AuditBlock
}

/** Maximum bytes of bodies in one batch. A larger unit gets its own batch. */
const packBytesMax = 16 * 1024 * 1024
/** Maximum number of event loop turns that a batch waits for more units. */
const turnsMax = 8
/** For one organisation: a block, the head of the lane and, once a month, the count of the month before. */
const auditRowsMax = 3
/** Batches in one transaction of the store. */
const packsMax = 16

export interface Committer {
  /** Returns whether the store has the unit. False: another unit was faster. */
  submit(staged: Staged): Promise<boolean>
  idle(): Promise<void>
}

/**
 * Commits units to the store. Units that are ready at the same moment share one batch, one fsync and one audit block per
 * organisation. Callers get their answers once the batch is durable. The committer takes a unit that lost a race out of the
 * batch, and commits the others.
 */
export function committer(options: CommitterOptions): Committer {
  const queue: Waiting[] = []
  const stored: Versions = new Map()
  let running: Promise<void> | null = null

  const run = async () => {
    while (queue.length > 0) {
      await untilQuiet(queue)
      rejectOutdated(queue, stored)
      stored.clear()
      await commitPacks(takePacks(queue), options, stored)
    }
    running = null
  }

  return {
    submit: (staged) =>
      new Promise((resolve, reject) => {
        queue.push({ staged, resolve, reject })
        running ??= run()
      }),
    idle: async () => {
      while (running) await running
    },
  }
}

/** Waits as long as each turn brings more units, so that those which arrive close together share one sync of the disk. */
async function untilQuiet(queue: readonly unknown[]): Promise<void> {
  for (let turns = 0, before = 0; turns < turnsMax && queue.length > before; turns++) {
    before = queue.length
    await nextTurn()
  }
}

/** The version of each record that the last commit changed, by name. Null: the commit deleted the record. */
type Versions = Map<string, string | null>

/** Rejects the units that ran before the last commit and expect a version that it changed. They would delay the other units. */
function rejectOutdated(queue: Waiting[], stored: Versions): void {
  if (stored.size === 0) return
  const current: Waiting[] = []
  for (const waiting of queue) {
    const isOutdated = waiting.staged.writes.some(({ name, write }) => {
      const version = stored.get(name)
      return version !== undefined && version !== write.expect
    })
    if (isOutdated) waiting.resolve(false)
    else current.push(waiting)
  }
  queue.splice(0, queue.length, ...current)
}

/** Cuts the waiting units into batches. All batches go to the store together. */
function takePacks(queue: Waiting[]): Waiting[][] {
  const packs: Waiting[][] = []
  while (queue.length > 0 && packs.length < packsMax) packs.push(takePack(queue))
  return packs
}

/** The units at the head of the queue that fit into one batch, with room for their audit blocks. */
function takePack(queue: Waiting[]): Waiting[] {
  const pack: Waiting[] = []
  const orgs = new Set<string>()
  // A record that several units check is one row.
  const rows = new Set<string>()
  let bytes = 0
  for (let next = queue[0]; next; next = queue[0]) {
    for (const { org } of next.staged.events) orgs.add(org)
    for (const { write } of next.staged.writes) rows.add(nameOf(write))
    bytes += bytesOf(next.staged.writes)
    if (pack.length > 0 && (rows.size + auditRowsMax * orgs.size > limits.batchRowsMax || bytes > packBytesMax)) break
    pack.push(next)
    queue.shift()
  }
  return pack
}

function bytesOf(writes: readonly StagedWrite[]): number {
  return writes.reduce((sum, { write }) => sum + (write.op === 'put' ? write.body.length : 0), 0)
}

/**
 * Commits packs in one transaction of the store. After a conflict, a pack is committed again without the unit that lost. A pack
 * behind it in the same lane was refused with it, and is committed again unchanged.
 */
async function commitPacks(packs: readonly Waiting[][], options: CommitterOptions, stored: Versions): Promise<void> {
  let rest = packs
  for (let round = 0; rest.length > 0 && round < limits.retryCountMax; round++) {
    const joined = join(rest)
    try {
      const batches: Write[][] = []
      const blocks: OrgBlock[][] = []
      for (const { batch, fitting } of joined) {
        const audit = await auditWrites(fitting, options)
        batches.push([...batch, ...audit.writes])
        blocks.push(audit.blocks)
      }
      const answers = await store(
        options.storage,
        batches,
        rest.flat().some(changesRecords) ? 'disk' : options.auditSync,
      )
      const again = await Promise.all(
        joined.map((pack, at) => settle(pack, blocks[at] ?? [], answers[at] ?? null, options, stored)),
      )
      rest = again.filter((pack) => pack.length > 0)
      if (answers.some((answer) => answer !== null)) options.lanes.forget()
    } catch (error) {
      options.lanes.forget()
      options.lost(error)
      for (const pack of rest) for (const waiting of pack) waiting.reject(unavailableBecause('storage', error))
      return
    }
  }
  for (const waiting of rest.flat()) waiting.reject(unavailable({ part: 'storage' }))
}

/** Answers the units of a pack. Returns those to commit again, which a refused pack has. */
async function settle(
  pack: Joined,
  blocks: readonly OrgBlock[],
  conflict: StorageConflict | null,
  options: CommitterOptions,
  stored: Versions,
): Promise<Waiting[]> {
  if (conflict) return afterConflict(pack, conflict, options)
  for (const { staged } of pack.fitting) {
    options.applied(staged.writes)
    for (const { name, write } of staged.writes) {
      if (write.op !== 'check') stored.set(name, write.op === 'put' ? write.version : null)
    }
  }
  options.told(blocks)
  for (const waiting of pack.fitting) waiting.resolve(true)
  for (const waiting of pack.colliding) waiting.resolve(false)
  return []
}

async function afterConflict(
  { batch, fitting, colliding }: Joined,
  conflict: StorageConflict,
  { outdated }: CommitterOptions,
): Promise<Waiting[]> {
  for (const waiting of colliding) waiting.resolve(false)
  const names = new Set((await outdated(conflict, batch)).map(nameOf))
  const losers = new Set(fitting.filter(({ staged }) => staged.writes.some(({ name }) => names.has(name))))
  for (const loser of losers) loser.resolve(false)
  return fitting.filter((waiting) => !losers.has(waiting))
}

interface Joined {
  readonly batch: readonly Write[]
  readonly fitting: Waiting[]
  /** Units that need a record which an earlier unit of the batch changes. They run again after the commit of that unit. */
  readonly colliding: readonly Waiting[]
}

/** The records and keys that the units of a transaction have claimed so far. */
interface Claims {
  readonly byRef: Map<string, Write>
  readonly owners: Set<string>
}

/** For each pack one list of writes for all its units, each record named once. No unit may collide with one before it. */
function join(packs: readonly Waiting[][]): Joined[] {
  const claims: Claims = { byRef: new Map(), owners: new Set() }
  return packs.map((pack) => joinPack(pack, claims))
}

function joinPack(pack: readonly Waiting[], claims: Claims): Joined {
  const batch = new Map<string, Write>()
  const fitting: Waiting[] = []
  const colliding: Waiting[] = []
  for (const waiting of pack) {
    if (waiting.staged.writes.some((write) => collides(write, claims))) {
      colliding.push(waiting)
      continue
    }
    fitting.push(waiting)
    for (const { name, write } of waiting.staged.writes) {
      for (const map of [batch, claims.byRef]) if (write.op !== 'check' || !map.has(name)) map.set(name, write)
      if (write.op === 'put')
        for (const { index, key } of write.keys) claims.owners.add(`${write.kind} ${index} ${key}`)
    }
  }
  return { batch: [...batch.values()], fitting, colliding }
}

function collides({ name, write }: StagedWrite, { byRef, owners }: Claims): boolean {
  const earlier = byRef.get(name)
  // A check beside a check or before a write is fine when both expect the same: the batch is judged against one state.
  if (earlier && (earlier.op !== 'check' || earlier.expect !== write.expect)) return true
  return write.op === 'put' && write.keys.some(({ index, key }) => owners.has(`${write.kind} ${index} ${key}`))
}

async function auditWrites(
  pack: readonly Waiting[],
  { lanes, now, version }: CommitterOptions,
): Promise<{ readonly writes: readonly Write[]; readonly blocks: OrgBlock[] }> {
  const byOrg = new Map<string, AuditDraft[]>()
  for (const { staged } of pack) {
    for (const { org, draft } of staged.events) {
      const drafts = byOrg.get(org)
      if (drafts) drafts.push(draft)
      else byOrg.set(org, [draft])
    }
  }
  const at = now()
  const writes: Write[] = []
  const blocks: OrgBlock[] = []
  for (const [org, drafts] of byOrg) {
    const extension = await lanes.extend(org, drafts, at, version)
    writes.push(...extension.writes)
    blocks.push({ org, block: extension.block })
  }
  return { writes, blocks }
}

async function store(
  storage: Storage & Partial<GroupCommit>,
  batches: readonly (readonly Write[])[],
  sync: Sync,
): Promise<(StorageConflict | null)[]> {
  if (storage.commitMany) return storage.commitMany(batches, sync)
  const answers: (StorageConflict | null)[] = []
  for (const batch of batches) {
    answers.push(
      await storage.commit(batch).then(
        () => null,
        (error: unknown) => {
          if (error instanceof StorageConflict) return error
          throw error
        },
      ),
    )
  }
  return answers
}

function changesRecords({ staged }: Waiting): boolean {
  return staged.writes.some(({ write }) => write.op !== 'check')
}

export function nameOf({ kind, id }: Ref): string {
  return `${kind} ${id}`
}
