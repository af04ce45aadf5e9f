import { invalidField } from '../../kernel/errors.ts'
import { type Caller, type Engine, unitContext } from '../../operations/index.ts'
import type { Reads, Unit } from '../../records/index.ts'
import { hashOf, newOrg } from './new-user.ts'
import { canonicalEmail, installationKind, isEmail } from './records.ts'

export interface FirstOwner {
  readonly email: string
  /** Without a password, the owner can call only within this process, until a password is set. */
  readonly password?: string
  /** Default: none. */
  readonly displayName?: string
  /** Default: `default`. */
  readonly orgName?: string
}

/** Creates the first organisation and its owner. If they exist, returns them and changes nothing. */
export async function firstOwner(
  engine: Engine,
  wanted: FirstOwner,
): Promise<{ user: string; org: string; created: boolean }> {
  const make = await prepare(engine, wanted)
  return engine.records.transact((unit) => {
    const installed = unit.get(installationKind, 'main')
    if (installed) return { user: installed.owner, org: installed.org, created: false }
    const { user, org } = make(unit)
    unit.put(installationKind, { id: 'main', org, owner: user })
    return { user, org, created: true }
  })
}

/**
 * Whether the caller runs this installation: an owner or admin of the organisation that `firstOwner` made. Owners and admins
 * of other organisations are tenants.
 */
export function isOperator(unit: Reads, caller: Caller): boolean {
  if (caller.kind !== 'user' || caller.role === 'member' || caller.delegation !== null) return false
  return unit.get(installationKind, 'main')?.org === caller.org
}

/** Creates another organisation and its owner. */
export async function addOrg(engine: Engine, wanted: FirstOwner): Promise<{ user: string; org: string }> {
  return engine.records.transact(await prepare(engine, wanted))
}

/** Checks the input and does the slow work before the unit. */
async function prepare(engine: Engine, given: Partial<FirstOwner> | null | undefined) {
  const wanted = given ?? {}
  const { password, displayName = '', orgName = 'default' } = wanted
  const email = typeof wanted.email === 'string' ? canonicalEmail(wanted.email) : ''
  if (!isEmail(email)) throw invalidField('email', 'must be an e-mail address')
  const passwordHash = await hashOf(engine, password)
  return (unit: Unit) => newOrg(unitContext(engine, unit), orgName, { email, displayName, passwordHash })
}
