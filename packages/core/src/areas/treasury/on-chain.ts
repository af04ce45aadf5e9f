import { ownersCallData, ownersIn, thresholdCallData } from '../../families/index.ts'
import { hex } from '../../kernel/bytes.ts'
import { type Actor, auditEvent, type Engine, type JobType } from '../../operations/index.ts'
import { findChain } from '../chains/index.ts'
import { asked, chainUnavailable, nodesOf } from '../signers/index.ts'
import { safeDiffers } from './errors.ts'
import { type Treasury, treasuryKind, treasurySignerKind } from './records.ts'
import { dropTreasuryJob } from './remove.ts'

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
}

interface Compared {
  readonly [field: string]: string
  readonly org: string
  readonly id: string
}

const server: Actor = { type: 'system', id: 'treasury', ip: null }

/**
 * Compares a new treasury with its Safe, if a node knows the Safe. A treasury that differs is removed, and the error says what the
 * chain has. While the node does not answer, the treasury is removed too, so that the caller asks again.
 */
export async function followSafe(engine: Engine, org: string, registered: Registered): Promise<void> {
  try {
    await compare(engine, org, registered)
  } catch (error) {
    if (!chainUnavailable.is(error)) throw error
    if (await removeUncompared(engine, org, registered.treasury.id)) throw error
  }
}

/** Compares a treasury whose creation was interrupted. It runs again until the node answers. */
export const compareJob: JobType<Compared> = {
  name: 'treasury.compare',
  run: async (engine, { org, id }) => {
    const registered = await engine.records.transactIn(org, (unit) => {
      const treasury = unit.get(treasuryKind, id)
      const signers = unit.list(treasurySignerKind, 'treasury', id).map(({ address }) => address)
      return treasury?.comparison ? { treasury, signers } : null
    })
    if (!registered) return
    try {
      await compare(engine, org, registered)
    } catch (error) {
      // The treasury is removed, and no caller waits for the reason.
      if (!safeDiffers.is(error)) throw error
      engine.log('warn', 'a treasury differs from its Safe and is removed', { treasury: id, reason: error.message })
    }
  },
}

/** Ends the comparison of a treasury. Removes the treasury and throws `safe_differs` if the Safe differs. */
async function compare(engine: Engine, org: string, registered: Registered): Promise<void> {
  const found = await safeOnChain(engine, org, registered.treasury)
  try {
    if (found) checkAgainstChain(found, registered)
  } catch (error) {
    await removeUncompared(engine, org, registered.treasury.id)
    throw error
  }
  await engine.records.transactIn(org, (unit) => {
    const treasury = unit.get(treasuryKind, registered.treasury.id)
    if (!treasury?.comparison) return
    const { comparison: _, ...compared } = treasury
    unit.put(treasuryKind, { ...compared, threshold: found?.threshold ?? treasury.threshold })
  })
}

/** Removes a treasury with all that belongs to it. Returns false if it was compared in the meantime. */
async function removeUncompared(engine: Engine, org: string, id: string): Promise<boolean> {
  const job = await engine.records.transactIn(org, (unit) => {
    const treasury = unit.get(treasuryKind, id)
    if (!treasury) return null
    if (!treasury.comparison) return undefined
    unit.delete(treasuryKind, treasury)
    unit.audit(auditEvent(server, { action: 'treasury.delete', resource: { type: 'treasury', id }, details: {} }))
    return engine.jobs.stage(unit, dropTreasuryJob, { org, id })
  })
  // It is due again if it fails now.
  if (job) await engine.jobs.run(job).catch(() => {})
  return job !== undefined
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

function checkAgainstChain({ threshold, owners }: SafeOnChain, { treasury, signers }: Registered): void {
  const claimed = treasury.comparison?.threshold ?? null
  if (claimed !== null && claimed !== threshold) {
    throw safeDiffers({ field: 'threshold', problem: `is ${threshold} on the chain` })
  }
  for (const [at, address] of signers.entries()) {
    if (!owners.includes(address.toLowerCase())) {
      throw safeDiffers({ field: `signers[${at}]`, problem: 'is no owner of the Safe on the chain' })
    }
  }
}
