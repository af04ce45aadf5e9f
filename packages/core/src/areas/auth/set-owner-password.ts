import { auditEvent, type Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { dropPasskeysOf, dropTotpOf } from '../credentials/index.ts'
import { hashOf, installationKind, type User, userKind } from '../orgs/index.ts'
import { forgetFailures } from './password-check.ts'

/**
 * Sets the password of the first owner, who may have none or have lost it. Their tokens are revoked and a lock after wrong
 * passwords or by a risk verdict ends. Their second factors are removed, because they can be lost too. Null: the vault has no owner yet. For an operator, who needs no credential: the caller holds the storage
 * and its keys.
 */
export async function setOwnerPassword(engine: Engine, password: string): Promise<{ email: string } | null> {
  const passwordHash = await hashOf(engine, password)
  return engine.records.transact((unit) => {
    const owner = ownerIn(unit)
    if (!owner) return null
    // Nobody else may be left to clear a risk verdict about the owner.
    unit.put(userKind, { ...owner, passwordHash, epoch: owner.epoch + 1, blockedUntil: undefined })
    forgetFailures(unit, owner.id)
    dropTotpOf(unit, owner.id)
    dropPasskeysOf(unit, owner.id)
    const resource = { type: 'user', id: owner.id }
    unit.audit(auditEvent({ type: 'anonymous', id: '', ip: null }, { action: 'user.password_reset', resource }))
    return { email: owner.email }
  })
}

/** The first owner. Another owner of the same organisation, if the first one left or has another role. */
function ownerIn(unit: Unit): User | null {
  const installed = unit.get(installationKind, 'main')
  if (!installed) return null
  unit.enter(installed.org)
  const owners = unit.list(userKind, 'role', 'owner').filter(({ status }) => status === 'active')
  return owners.find(({ id }) => id === installed.owner) ?? owners[0] ?? null
}
