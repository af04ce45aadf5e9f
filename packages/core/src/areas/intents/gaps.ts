import type { Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { findChain, type RegisteredChain } from '../chains/index.ts'
import { asked, nodesOf, signingKeyKind } from '../signers/index.ts'
import { type NonceLane, nonceLaneKind, transactionKind } from './records.ts'

const transactionsMax = 1_000
const gapsMax = 100

/** A lane, and the nonces of transactions that can still reach the chain. */
export interface Lane {
  readonly lane: NonceLane
  readonly chain: RegisteredChain
  readonly live: ReadonlySet<bigint>
}

/** The lanes of the addresses that an agent signs with. */
export function lanesOf(unit: Unit, agentId: string): readonly Lane[] {
  const newest = unit.page(transactionKind, 'agent', { tuple: [agentId], limit: transactionsMax, reverse: true })
  const keys = unit.list(signingKeyKind, 'agent', agentId)
  const addresses = new Set([...keys.map(({ address }) => address), ...newest.map(({ from }) => from)])
  return [...addresses].flatMap((address) =>
    unit.list(nonceLaneKind, 'address', address).flatMap((lane) => {
      const chain = findChain(unit, lane.chain)
      const own = newest.filter((one) => one.chain === lane.chain && one.from === address)
      const live = own.filter(({ status, nonce }) => nonce !== null && (status === 'signed' || status === 'broadcast'))
      return chain ? [{ lane, chain, live: new Set(live.map(({ nonce }) => BigInt(nonce ?? 0))) }] : []
    }),
  )
}

/** The state of a lane, as the node reports it. Null: the node did not answer, or none is configured. */
export interface Seen {
  readonly pending: bigint
  /** Nonces that no transaction has, below one that a transaction has or is to get. Later ones wait for them. */
  readonly gaps: readonly bigint[]
}

/** Compares a lane with its chain. */
export async function see(engine: Engine, { lane, chain, live }: Lane): Promise<Seen | null> {
  const nodes = nodesOf(engine, chain)
  if (!nodes) return null
  const account = await asked(engine, chain, () => nodes.account(lane.address))
  if (account.model !== 'counter') return null
  const gaps: bigint[] = []
  for (let nonce = account.next; nonce < BigInt(lane.next) && gaps.length < gapsMax; nonce++) {
    if (!live.has(nonce)) gaps.push(nonce)
  }
  return { pending: account.next, gaps }
}
