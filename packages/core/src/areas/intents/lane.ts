import type { Unit } from '../../records/index.ts'
import { type NonceLane, nonceLaneKind } from './records.ts'

// Each address has one lane on each chain. The nonce is taken in the commit that stores the signature, so of two signers, in
// this process or another, one runs again and gets the next nonce.

export function laneOf(unit: Pick<Unit, 'get'>, chain: string, address: string): NonceLane | null {
  return unit.get(nonceLaneKind, laneId(chain, address))
}

/** The nonce that is next, by the lane and by the node, whichever is more. */
export function nextNonce(lane: NonceLane | null, pending: bigint | null): bigint | null {
  const own = lane === null ? null : BigInt(lane.next)
  if (own === null || pending === null) return own ?? pending
  return own > pending ? own : pending
}

/** Stages that a nonce is used. */
export function takeNonce(unit: Unit, chain: string, address: string, nonce: bigint): void {
  const lane = laneOf(unit, chain, address)
  const after = nonce + 1n
  if (lane !== null && BigInt(lane.next) >= after) return
  unit.put(nonceLaneKind, { id: laneId(chain, address), chain, address, next: after.toString() })
}

/**
 * Stages that a nonce is free again, because its transaction surely never reaches the chain. If a later nonce is taken, there
 * is a gap, which `pawl nonces` shows and repairs.
 */
export function giveNonceBack(unit: Unit, chain: string, address: string, nonce: bigint): void {
  const lane = laneOf(unit, chain, address)
  if (lane !== null && BigInt(lane.next) === nonce + 1n) unit.put(nonceLaneKind, { ...lane, next: nonce.toString() })
}

function laneId(chain: string, address: string): string {
  return `${chain} ${address}`
}
