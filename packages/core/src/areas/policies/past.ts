import { canonicalJson } from '../../kernel/json.ts'
import { day } from '../../kernel/time.ts'
import { nextTurn } from '../../kernel/turn.ts'
import type { Engine, ScheduledTask, UnitContext } from '../../operations/index.ts'
import { endAll, type PageOptions, type Reading, type Records, type Unit } from '../../records/index.ts'
import { untilDoneInEachOrg } from '../orgs/index.ts'
import type { Policy, PrincipalRef } from './policy.ts'
import { type PastPolicy, pastPolicyKind, policyKind } from './records.ts'

// What policies were before they changed. Each change stores the policy as it was until then, so that an administrator can ask
// who could do what at a time in the past.

/** Stages a changed policy, and stores what it was until now. Does nothing if nothing changes. */
export function changePolicy(unit: Unit, before: Policy, after: Policy, now: number): void {
  if (isSame(before, after)) return
  keepPast(unit, before, now)
  unit.put(policyKind, after)
}

/** Stores what a policy was until now. Called in the unit that deletes it. */
export function keepPast(unit: Unit, { id: policyId, ...policy }: Policy, now: number): void {
  const id = `${policyId}.${now}`
  // Of two changes in one millisecond the first counts: before it, the policy was as stored.
  if (unit.get(pastPolicyKind, id) === null) unit.put(pastPolicyKind, { ...policy, id, policyId, until: now })
}

/**
 * The policies of a vault at a time in the past. Null: since then, the vault has many changes, and more policies changed at any
 * time than one answer reads.
 */
export function policiesAt(
  { unit, reading }: Pick<UnitContext, 'unit' | 'reading'>,
  vaultId: string,
  at: number,
  { changesMax, policiesMax } = { changesMax: 10_000, policiesMax: 10_000 },
): Policy[] | null {
  const ofVault = { tuple: [vaultId], from: [vaultId, at + 1], limit: changesMax + 1 }
  const since = unit.page(pastPolicyKind, 'vault', ofVault)
  const { org } = unit
  const changed =
    since.length <= changesMax
      ? since
      : unit.waitFor(() => firstChanges(() => reading(org ?? undefined), vaultId, at, policiesMax))
  if (changed === null) return null
  const then = new Map<string, Policy>()
  for (const past of changed) if (!then.has(past.policyId)) then.set(past.policyId, policyOf(past))
  for (const policy of unit.list(policyKind, 'vault', vaultId)) if (!then.has(policy.id)) then.set(policy.id, policy)
  return [...then.values()].filter(({ createdAt }) => createdAt <= at)
}

const recordsAtOnce = 50

/** The first change of each policy after a time, however many changes there are. Null: more policies than this changed. */
async function firstChanges(
  reading: () => Reading,
  vaultId: string,
  at: number,
  policiesMax: number,
): Promise<readonly PastPolicy[] | null> {
  const first: PastPolicy[] = []
  const page = async (range: Pick<PageOptions, 'tuple' | 'from' | 'after'>) =>
    (await reading().page(pastPolicyKind, 'policy', { ...range, limit: 1 }))[0]
  let next = await page({ tuple: [vaultId] })
  for (let policies = 0; next; policies++) {
    if (policies >= policiesMax) return null
    const tuple = [vaultId, next.policyId]
    const found = next.until > at ? next : await page({ tuple, from: [...tuple, at + 1] })
    if (found) first.push(found)
    // Behind all changes of this policy.
    next = await page({ tuple: [vaultId], after: tuple })
    await nextTurn()
  }
  return first
}

/** Whether two policies say the same. The order of fields says nothing about a policy. */
function isSame(one: Policy, other: Policy): boolean {
  return canonicalJson(one) === canonicalJson(other)
}

function policyOf({ id: _, policyId, until: __, ...policy }: PastPolicy): Policy {
  return { ...policy, id: policyId }
}

/** Deletes the policies of a removed principal, and stores what they were. */
export async function endPolicies(records: Records, org: string, principal: PrincipalRef): Promise<void> {
  const place = { kind: policyKind, index: 'principal', tuple: [principal.kind, principal.id] }
  await endAll(records, org, place, (unit, policy) => {
    keepPast(unit, policy, records.now())
    unit.delete(policyKind, policy)
  })
}

/** Past policies are kept as long as the audit events of their changes. */
export const sweepPastTask: ScheduledTask = {
  name: 'policies.sweep',
  everyMs: day,
  run: async (engine) => {
    const { auditKeepMs } = engine.settings
    if (auditKeepMs === null) return
    await untilDoneInEachOrg(engine, (org) => dropSome(engine, org, auditKeepMs))
  },
}

async function dropSome({ records }: Engine, org: string, keptMs: number): Promise<boolean> {
  return records.transactIn(org, (unit) => {
    const old = unit.page(pastPolicyKind, 'until', { to: [records.now() - keptMs], limit: recordsAtOnce })
    for (const past of old) unit.delete(pastPolicyKind, past)
    return old.length === recordsAtOnce
  })
}
