import { perEngine, type UnitContext } from '../../operations/index.ts'
import type { AnyChain, Chain, Watching } from '../../ports/chain.ts'
import type { Unit } from '../../records/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { requireNodes } from '../signers/index.ts'
import { chainNotWatchable } from './errors.ts'
import { type Destination, watchedAddressKind } from './records.ts'

/** The configured chains, for handlers. They only look which there are, and ask nothing of a node. */
const configured = perEngine(({ chains }) => ({ chains }))

export type WatchableChain = Chain & Watching

/** Throws if no node of the chain is configured, or if its adapter cannot see what arrives. */
export function requireWatchable(context: UnitContext, chain: RegisteredChain): void {
  if (!isWatchable(requireNodes(configured(context), chain))) throw chainNotWatchable({ chain: chain.name })
}

export function isWatchable(nodes: AnyChain): nodes is WatchableChain {
  return nodes.arrivals !== undefined && nodes.blockAt !== undefined
}

/** Stages whether the task looks for the address: not for an archived destination. */
export function watch(unit: Unit, { id, chain, address, status, createdAt }: Destination): void {
  const watched = unit.get(watchedAddressKind, id)
  if (status === 'archived') {
    if (watched) unit.delete(watchedAddressKind, watched)
  } else if (!watched) {
    unit.put(watchedAddressKind, { id, org: unit.org ?? '', chain, address, createdAt })
  }
}
