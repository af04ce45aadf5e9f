import { ownersCallData, ownersIn, thresholdCallData } from '../../families/index.ts'
import { hex } from '../../kernel/bytes.ts'
import { type Actor, auditEvent, type Engine } from '../../operations/index.ts'
import { findChain } from '../chains/index.ts'
import { asked, chainUnavailable, nodesOf } from '../signers/index.ts'
import { safeDiffers } from './errors.ts'
import { type Treasury, treasuryKind, treasurySignerKind } from './records.ts'

/** The Safe as the chain has it. */
interface SafeOnChain {
  readonly threshold: number
  /** Addresses in lowercase. */
  readonly owners: readonly string[]
}

interface Registered {
  readonly treasury: Treasury
  /** Addresses of the signers, in the order of the caller. */
  readonly signers: readonly string[]
  /** Undefined: the chain says how many must sign. */
  readonly threshold: number | undefined
}

const server: Actor = { type: 'system', id: 'treasury', ip: null }

/**
 * Compares a new treasury with its Safe, if a node knows the Safe. A treasury that differs is removed, and the error says what the
 * chain has. While the node does not answer, the treasury is removed too, so that the caller asks again.
 */
export async function followSafe(engine: Engine, org: string, registered: Registered): Promise<void> {
  const { records } = engine
  try {
    const found = await safeOnChain(engine, org, registered.treasury)
    if (!found) return
    checkAgainstChain(found, registered)
    await records.transactIn(org, (unit) => {
      const treasury = unit.get(treasuryKind, registered.treasury.id)
      if (treasury && treasury.threshold !== found.threshold)
        unit.put(treasuryKind, { ...treasury, threshold: found.threshold })
    })
  } catch (error) {
    if (!safeDiffers.is(error) && !chainUnavailable.is(error)) throw error
    await records.transactIn(org, (unit) => {
      const { id } = registered.treasury
      const treasury = unit.get(treasuryKind, id)
      if (!treasury) return
      for (const signer of unit.list(treasurySignerKind, 'treasury', id)) unit.delete(treasurySignerKind, signer)
      unit.delete(treasuryKind, treasury)
      unit.audit(auditEvent(server, { action: 'treasury.delete', resource: { type: 'treasury', id }, details: {} }))
    })
    throw error
  }
}

/** Null: no node is configured, or there is no Safe at the address yet. */
async function safeOnChain(engine: Engine, org: string, treasury: Treasury): Promise<SafeOnChain | null> {
  const chain = await engine.records.transactIn(org, (unit) => findChain(unit, treasury.chain))
  const nodes = chain && nodesOf(engine, chain)
  if (!chain || !nodes?.simulate) return null
  const { safeAddress: to } = treasury
  const calls = [thresholdCallData(), ownersCallData()].map((data) => ({ from: to, to, value: 0n, data }))
  const [threshold, owners] = (await asked(engine, chain, async () => nodes.simulate?.(calls))) ?? []
  if (!threshold?.succeeded || !owners?.succeeded || threshold.returned.length !== 32) return null
  const known = ownersIn(owners.returned)
  const count = BigInt(`0x${hex(threshold.returned)}`)
  return known && count >= 1n && count <= BigInt(known.length) ? { threshold: Number(count), owners: known } : null
}

function checkAgainstChain({ threshold, owners }: SafeOnChain, claimed: Registered): void {
  if (claimed.threshold !== undefined && claimed.threshold !== threshold) {
    throw safeDiffers({ field: 'threshold', problem: `is ${threshold} on the chain` })
  }
  for (const [at, address] of claimed.signers.entries()) {
    if (!owners.includes(address.toLowerCase())) {
      throw safeDiffers({ field: `signers[${at}]`, problem: 'is no owner of the Safe on the chain' })
    }
  }
}
