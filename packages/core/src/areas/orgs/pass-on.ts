import { auditEvent, type Engine, type Principal } from '../../operations/index.ts'
import type { Kind, Recorded, Unit } from '../../records/index.ts'
import { type User, userKind } from './records.ts'

const recordsAtOnce = 40

interface Owned extends Recorded {
  readonly createdBy: Principal
}

interface Heir<T> {
  /** Gets the records, if it is an active user. Default: the owner who is longest in the organisation. */
  readonly first?: Principal
  /** Only `first` gets the records, also while suspended. Without that user, they stay as they are. Default: false. */
  readonly isSole?: boolean
  /** How the new owner gets a record. Default: as it is. */
  readonly as?: (record: T) => T
  /** The resource type in the audit trail. Default: the name of the kind. */
  readonly type?: string
}

/**
 * Gives the records of a removed user or agent to another user. The kind must have an index
 * `creator`. Each change leaves an audit event.
 */
export async function passOn<T extends Owned>(
  engine: Engine,
  org: string,
  kind: Kind<T>,
  from: Principal,
  { first, isSole = false, as = (record) => record, type = kind.name }: Heir<T> = {},
): Promise<void> {
  const passSome = (unit: Unit) => {
    const to = successor(unit, first, isSole)
    const owned = to ? unit.page(kind, 'creator', { tuple: [from.kind, from.id], limit: recordsAtOnce }) : []
    for (const record of owned) {
      unit.put(kind, { ...as(record), createdBy: to })
      const details = { from: `${from.kind}:${from.id}`, to: `user:${to?.id}` }
      const by = { type: 'system', id: '', ip: null }
      unit.audit(auditEvent(by, { action: `${type}.pass_on`, resource: { type, id: record.id }, details }))
    }
    return owned.length > 0
  }
  while (await engine.records.transactIn(org, passSome));
}

function successor(unit: Unit, first: Principal | undefined, isSole: boolean): Principal | null {
  const wanted = first?.kind === 'user' ? unit.get(userKind, first.id) : null
  const heir = isSole || wanted?.status === 'active' ? wanted : longestOwner(unit)
  if (!heir) return null
  unit.check(userKind, heir)
  return { kind: 'user', id: heir.id }
}

function longestOwner(unit: Unit): User | undefined {
  const owners = unit.list(userKind, 'role', 'owner').filter(({ status }) => status === 'active')
  return owners.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))[0]
}
