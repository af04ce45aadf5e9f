import { auditEvent, type Engine, type Principal } from '../../operations/index.ts'
import type { Kind, Recorded, Unit } from '../../records/index.ts'
import { userKind } from './records.ts'

const recordsAtOnce = 40

interface Owned extends Recorded {
  readonly createdBy: Principal
}

/**
 * Gives the records of a removed user to the owner who has been in the organisation longest. So every record keeps an owner.
 * The kind has an index `creator`. Each change leaves an audit event. `type`: the resource type in the audit trail.
 */
export async function passOn<T extends Owned>(
  engine: Engine,
  org: string,
  kind: Kind<T>,
  userId: string,
  type = kind.name,
): Promise<void> {
  const passSome = (unit: Unit) => {
    const to = successor(unit)
    const owned = to ? unit.page(kind, 'creator', { tuple: ['user', userId], limit: recordsAtOnce }) : []
    for (const record of owned) {
      unit.put(kind, { ...record, createdBy: to })
      const details = { from: `user:${userId}`, to: `user:${to?.id}` }
      const by = { type: 'system', id: '', ip: null }
      unit.audit(auditEvent(by, { action: `${type}.pass_on`, resource: { type, id: record.id }, details }))
    }
    return owned.length > 0
  }
  while (await engine.records.transactIn(org, passSome));
}

function successor(unit: Unit): Principal | null {
  const owners = unit.list(userKind, 'role', 'owner').filter(({ status }) => status === 'active')
  const [first] = owners.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  if (!first) return null
  unit.check(userKind, first)
  return { kind: 'user', id: first.id }
}
