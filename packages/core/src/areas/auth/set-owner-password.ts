import { auditEvent, type Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { dropPasskeysOf, dropTotpOf } from '../credentials/index.ts'
import { hashOf, installationKind, type User, userKind } from '../orgs/index.ts'
import { forgetFailures } from './password-check.ts'

/**
 * Sets the password of the first owner, who may have none or have lost it. Revokes the owner's tokens, and ends a lock after
 * wrong passwords or by a risk verdict. Removes the owner's second factors, because they can be lost too. Null: the vault has
 * no owner yet. For an operator, who needs no credential, because the operator holds the storage and its keys.
 */
export async function setOwnerPassword(engine: Engine, password: string): Promise<{ email: string } | null> {
  const passwordHash = await hashOf(engine, password)
  return engine.records.transact((unit) => {
    const owner = ownerIn(unit)
    if (!owner) return null
    // There may be no other person who can clear a risk verdict about the owner.
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
