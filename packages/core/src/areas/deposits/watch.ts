import type { Tuple } from '../../kernel/keys.ts'
import { madeOnce } from '../../kernel/maps.ts'
import { minute, second } from '../../kernel/time.ts'
import { type Engine, type ScheduledTask, unitContext } from '../../operations/index.ts'
import { type ChainBlock, ChainUnavailable } from '../../ports/chain.ts'
import type { Kind, Unit } from '../../records/index.ts'
import { findChain, tokensOf } from '../chains/index.ts'
import { nodesOf } from '../signers/index.ts'
import {
  depositKind,
  type OpenDeposit,
  openDepositKind,
  type ReadBlock,
  type Scan,
  scanKind,
  type WatchedAddress,
  watchedAddressKind,
} from './records.ts'
import { confirm, type Listed, lose, receive } from './settle.ts'
import { isWatchable, type WatchableChain } from './watched.ts'

// Reads the blocks of every chain that has destinations. Each step stores its outcome before the next one begins, and can be
// done again. So a killed engine loses nothing, and nothing is credited twice.

const everyMs = 15 * second
const leaseMs = 2 * minute
/** Questions to the nodes about new blocks in one run, for one chain. The rest is read in the next run. */
const roundsMax = 20
/** So many of the newest blocks are read again before new ones. */
const blocksAgain = 6
const depositsAtOnce = 50
/** So many blocks after its credit, a deposit is no longer followed. */
const followedBlocks = 100
/** Blocks can be this much older than the clock of the engine says. */
const clockSlackMs = 10 * minute
/** The time in a Bitcoin block can be wrong by up to two hours. */
const bitcoinSlackMs = 120 * minute

export const watchTask: ScheduledTask = {
  name: 'deposits.watch',
  everyMs,
  run: async (engine) => {
    const chains = await watchedChains(engine)
    await forgetOthers(engine, chains)
    for (const chain of chains) {
      await watchChain(engine, chain).catch((error) => {
        const reason = error instanceof ChainUnavailable ? error.message : 'an internal error'
        engine.log('warn', 'deposits on a chain are not seen now', { chain, reason, error })
      })
    }
  },
}

/** The names of the chains that have addresses to watch, or deposits that can still leave the chain. */
async function watchedChains(engine: Engine): Promise<readonly string[]> {
  const [addresses, deposits] = await Promise.all([
    chainsIn(engine, watchedAddressKind),
    chainsIn(engine, openDepositKind),
  ])
  return [...new Set([...addresses, ...deposits])]
}

async function chainsIn<T extends WatchedAddress | OpenDeposit>({ records }: Engine, kind: Kind<T>): Promise<string[]> {
  const chains: string[] = []
  for (;;) {
    const last = chains.at(-1)
    const [next] = await records
      .reading()
      .page(kind, 'chain', { limit: 1, ...(last !== undefined && { after: [last] }) })
    if (!next) return chains
    chains.push(next.chain)
  }
}

/** Where a chain was read that has nothing to watch is of no use later: there would be too many blocks between. */
function forgetOthers({ records }: Engine, chains: readonly string[]): Promise<void> {
  return records.transact((unit) => {
    for (const scan of unit.list(scanKind, 'chain')) if (!chains.includes(scan.id)) unit.delete(scanKind, scan)
  })
}

/** What one run works with. */
interface Watch extends Listed {
  readonly engine: Engine
  readonly nodes: WatchableChain
  readonly claim: string
  readonly destinations: ReadonlyMap<string, readonly WatchedAddress[]>
  readonly confirmations: number
}

async function watchChain(engine: Engine, name: string): Promise<void> {
  const watched = await watchOf(engine, name)
  if (!watched) return
  const { watch, scan } = watched
  try {
    const { height } = await readOn(watch, await withoutLost(watch, scan))
    await settleDue(watch, height)
  } finally {
    await release(watch)
  }
}

/** Claims a chain. Null: another engine reads it, or there is no node that can. */
async function watchOf(engine: Engine, name: string): Promise<{ watch: Watch; scan: Scan } | null> {
  const { records } = engine
  const listed = await records.transact((unit) => {
    const chain = findChain(unit, name)
    return chain && { chain, tokens: tokensOf(unit, name).filter(({ isVerified }) => isVerified) }
  })
  const nodes = listed && nodesOf(engine, listed.chain)
  if (!listed || !nodes || !isWatchable(nodes)) return null
  const scan = await claimScan(engine, name)
  if (!scan) return null
  const addresses = await records.reading().list(watchedAddressKind, 'chain', name)
  const destinations = new Map<string, WatchedAddress[]>()
  for (const one of addresses) madeOnce<string, WatchedAddress[]>(destinations, one.address, () => []).push(one)
  const confirmations = engine.settings.depositConfirmations
  return { watch: { ...listed, engine, nodes, claim: scan.claim, destinations, confirmations }, scan }
}

function claimScan({ records, newId }: Engine, id: string): Promise<Scan | null> {
  const claim = newId()
  return records.transact((unit) => {
    const now = records.now()
    const before = unit.get(scanKind, id)
    if (before && before.dueAt > now) return null
    const { read, suspectAfter } = before ?? { read: [], suspectAfter: null }
    const claimed = { id, read, suspectAfter, dueAt: now + leaseMs, claim }
    unit.put(scanKind, claimed)
    return claimed
  })
}

/** Stores how far the chain was read. */
function store(watch: Watch, read: readonly ReadBlock[], suspectAfter: number | null): Promise<void> {
  const { records } = watch.engine
  return records.transact((unit) => {
    unit.put(scanKind, { ...claimedScan(unit, watch), read, suspectAfter, dueAt: records.now() + leaseMs })
  })
}

/** Renews the claim while a node answers slowly. */
function renew(watch: Watch): Promise<void> {
  const { records } = watch.engine
  return records.transact((unit) => {
    const scan = claimedScan(unit, watch)
    const dueAt = records.now() + leaseMs
    if (dueAt - scan.dueAt > leaseMs / 4) unit.put(scanKind, { ...scan, dueAt })
  })
}

/** The state of the chain, which this engine has claimed. Throws if another engine reads the chain meanwhile. */
function claimedScan(unit: Unit, { chain, claim }: Watch): Scan {
  const scan = unit.get(scanKind, chain.name)
  if (scan?.claim !== claim) throw new ChainUnavailable('Another engine reads the chain.')
  return scan
}

function release({ engine: { records }, chain, claim }: Watch): Promise<void> {
  return records.transact((unit) => {
    const scan = unit.get(scanKind, chain.name)
    if (scan?.claim === claim) unit.put(scanKind, { ...scan, dueAt: records.now() + everyMs / 2 })
  })
}

/** The blocks that were read and are still on the chain. Deposits in the others are lost. */
async function withoutLost(watch: Watch, { read, suspectAfter }: Scan): Promise<readonly ReadBlock[]> {
  let kept = read
  for (let last = kept.at(-1); last && !(await isOnChain(watch, last)); last = kept.at(-1)) kept = kept.slice(0, -1)
  const isChanged = kept.length < read.length
  if (!isChanged && suspectAfter === null) return kept
  const [first] = read
  const before = kept.length > 0 || !first ? kept : [{ height: first.height - 1, id: unknownBlock }]
  const end = Math.min(suspectAfter ?? Number.MAX_SAFE_INTEGER, kept.at(-1)?.height ?? -1)
  // Stored first: if the engine is killed now, the blocks are still read again, and the deposits looked at.
  await store(watch, before, end)
  await loseAfter(watch, end)
  await store(watch, before, null)
  return before
}

/** The ID of a block that was not read. Every block can follow it. */
const unknownBlock = ''

async function loseAfter(watch: Watch, height: number): Promise<void> {
  const { engine, chain } = watch
  const bounds = { tuple: [chain.name], limit: depositsAtOnce }
  for (let from: Tuple = [chain.name, height + 1]; ; ) {
    const found = await engine.records.reading().page(openDepositKind, 'chain', { ...bounds, from })
    for (const open of found) await dropIfLost(watch, open)
    const last = found.at(-1)
    if (!last || found.length < depositsAtOnce) return
    from = [chain.name, last.height, last.id]
  }
}

/** Answers whether the deposit was in a block that has left the chain. */
async function dropIfLost(
  watch: Watch,
  { id, org, blockId, height }: Pick<OpenDeposit, 'id' | 'org' | 'blockId' | 'height'>,
): Promise<boolean> {
  if (await isOnChain(watch, { height, id: blockId })) return false
  await watch.engine.records.transactIn(org, (unit) => {
    const deposit = unit.get(depositKind, id)
    if (deposit?.blockId === blockId) lose(unitContext(watch.engine, unit), deposit)
  })
  return true
}

/** Throws if the node does not have the block yet: one node can be behind another. */
async function isOnChain({ nodes, chain }: Watch, { height, id }: ReadBlock): Promise<boolean> {
  if (id === unknownBlock) return true
  const block = await nodes.blockAt(BigInt(height))
  if (!block) throw new ChainUnavailable(`The node of ${chain.name} has no block ${height} yet.`)
  return block.id === id
}

/** Reads new blocks, and answers the newest one. */
async function readOn(watch: Watch, before: readonly ReadBlock[]): Promise<ReadBlock> {
  const { nodes, confirmations } = watch
  const { height: end } = await nodes.tip()
  let read = before
  if (read.length === 0) {
    read = [await startOf(watch, end)]
    // Stores the start at once, because the time in the next block is not exact.
    await store(watch, read, null)
  }
  for (let rounds = 0; ; rounds++) {
    const last = read.at(-1) as ReadBlock
    if (last.height >= end || rounds === roundsMax) return last
    if (rounds === 0) {
      await readAgain(watch, last)
      // Renews the claim.
      await store(watch, read, null)
    }
    const upTo = await readAfter(watch, last, end)
    const oldest = upTo.height - confirmations - followedBlocks
    read = [...read.filter(({ height }) => height >= oldest), upTo]
    await store(watch, read, null)
  }
}

/** A node can know a block before it knows what the block pays. So a deposit that was missed is found a few blocks later. */
async function readAgain(watch: Watch, newest: ReadBlock): Promise<void> {
  if (newest.id === unknownBlock || newest.height === 0) return
  let last = { height: Math.max(0, newest.height - blocksAgain), id: unknownBlock }
  for (let rounds = 0; rounds < blocksAgain && last.height < newest.height; rounds++) {
    last = await readAfter(watch, last, BigInt(newest.height))
  }
  if (last.id !== newest.id) throw reorganised(watch)
}

/** Receives what the blocks after `last` pay. Answers the last one that was read. */
async function readAfter(watch: Watch, last: ReadBlock, to: bigint): Promise<ReadBlock> {
  const { engine, nodes, tokens, destinations } = watch
  const wanted = { addresses: [...destinations.keys()], tokens: tokens.map(({ contract }) => contract) }
  const range = { from: BigInt(last.height) + 1n, to }
  const onProgress = () => renew(watch)
  const { arrivals, upTo, parentId } = await nodes.arrivals({ ...wanted, ...range, onProgress })
  if (last.id !== unknownBlock && parentId !== last.id) throw reorganised(watch)
  for (const arrival of arrivals) {
    for (const { id, org } of destinations.get(arrival.to) ?? []) {
      await engine.records.transactIn(org, (unit) => receive(unitContext(engine, unit), watch, id, arrival))
    }
  }
  return { height: Number(upTo.height), id: upTo.id }
}

function reorganised({ chain }: Watch): ChainUnavailable {
  return new ChainUnavailable(`${chain.name} was reorganised while it was read.`)
}

/** The block after which the first one is read: one that is older than the first address. */
async function startOf({ nodes, destinations, chain }: Watch, tip: bigint): Promise<ReadBlock> {
  const created = [...destinations.values()].flat().map(({ createdAt }) => createdAt)
  const before = Math.min(...created) - (chain.family === 'bitcoin' ? bitcoinSlackMs : clockSlackMs)
  let block: ChainBlock | null = await nodes.blockAt(tip)
  for (let back = 1n; block && block.at > before && block.height > 0n; back *= 2n) {
    block = await nodes.blockAt(tip > back ? tip - back : 0n)
  }
  if (!block) throw new ChainUnavailable('The node does not have its own newest block.')
  return { height: Number(block.height), id: block.id }
}

/** Confirms and credits what is deep enough, and stops following what is deep enough for that. */
async function settleDue(watch: Watch, newest: number): Promise<void> {
  const { engine, chain, confirmations } = watch
  const { records } = engine
  const safe = newest - confirmations + 1
  if (safe < 0) return
  const due = { tuple: [chain.name], to: [chain.name, safe + 1], limit: depositsAtOnce }
  for (let rounds = 0, found = depositsAtOnce; found === depositsAtOnce && rounds < roundsMax; rounds++) {
    const waiting = await records.reading().page(openDepositKind, 'waiting', due)
    for (const { id, org, blockId, height } of waiting) {
      if (await dropIfLost(watch, { id, org, blockId, height })) continue
      await records.transactIn(org, (unit) => confirm(unitContext(engine, unit), id, blockId, chain))
    }
    found = waiting.length
  }
  const old = { tuple: [chain.name], to: [chain.name, Math.max(0, safe - followedBlocks)], limit: depositsAtOnce }
  await records.transact((unit) => {
    for (const open of unit.page(openDepositKind, 'settled', old)) unit.delete(openDepositKind, open)
  })
}
