import { day } from '../../kernel/time.ts'
import type { Engine, ScheduledTask } from '../../operations/index.ts'
import { type Reads, type Records, type Unit, walk } from '../../records/index.ts'
import { orgKind } from '../orgs/index.ts'
import type { Policy, PrincipalRef } from './policy.ts'
import { type PastPolicy, pastPolicyKind, policyKind } from './records.ts'

// What policies were before they changed. Each change stores the policy as it was until then, so that an administrator can ask
// who could do what at a time in the past.

/** Stores what a policy was until now. Called in the unit that changes or deletes it. */
export function keepPast(unit: Unit, { id: policyId, ...policy }: Policy, now: number): void {
  const id = `${policyId}.${now}`
  // Of two changes in one millisecond the first counts: before it, the policy was as stored.
  if (unit.get(pastPolicyKind, id) === null) unit.put(pastPolicyKind, { ...policy, id, policyId, until: now })
}

/** The policies of a vault at a time in the past. Null: there are more changes since than one answer reads. */
export function policiesAt(unit: Reads, vaultId: string, at: number): Policy[] | null {
  const since = unit.page(pastPolicyKind, 'vault', {
    tuple: [vaultId],
    from: [vaultId, at + 1],
    limit: changesMax + 1,
  })
  if (since.length > changesMax) return null
  const then = new Map<string, Policy>()
  for (const past of since) if (!then.has(past.policyId)) then.set(past.policyId, policyOf(past))
  for (const policy of unit.list(policyKind, 'vault', vaultId)) if (!then.has(policy.id)) then.set(policy.id, policy)
  return [...then.values()].filter(({ createdAt }) => createdAt <= at)
}

const changesMax = 10_000
const recordsAtOnce = 50

function policyOf({ id: _, policyId, until: __, ...policy }: PastPolicy): Policy {
  return { ...policy, id: policyId }
}

/** Deletes the policies of a removed principal, and stores what they were. */
export async function endPolicies(records: Records, org: string, principal: PrincipalRef): Promise<void> {
  const tuple = [principal.kind, principal.id]
  let ended: number
  do {
    ended = await records.transactIn(org, (unit) => {
      const some = unit.page(policyKind, 'principal', { tuple, limit: recordsAtOnce })
      for (const policy of some) {
        keepPast(unit, policy, records.now())
        unit.delete(policyKind, policy)
      }
      return some.length
    })
  } while (ended > 0)
}

/** Past policies are kept as long as the audit events of their changes. */
export const sweepPastTask: ScheduledTask = {
  name: 'policies.sweep',
  everyMs: day,
  run: async (engine) => {
    const { auditKeepMs } = engine.settings
    if (auditKeepMs === null) return
    for await (const { id: org } of walk(() => engine.records.reading(), orgKind, 'created')) {
      while (await dropSome(engine, org, auditKeepMs));
    }
  },
}

async function dropSome({ records }: Engine, org: string, keptMs: number): Promise<boolean> {
  return records.transactIn(org, (unit) => {
    const old = unit.page(pastPolicyKind, 'until', { to: [records.now() - keptMs], limit: recordsAtOnce })
    for (const past of old) unit.delete(pastPolicyKind, past)
    return old.length === recordsAtOnce
  })
}
