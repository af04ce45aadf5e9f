import { invalidField } from '../../kernel/errors.ts'
import type { Context, Role, Services, UnitContext } from '../../operations/index.ts'
import { emailTaken } from './errors.ts'
import { dropInvitation } from './invitations.ts'
import { hashPassword, passwordProblem } from './password.ts'
import { directoryKind, orgKind, type User, userKind } from './records.ts'

export interface NewUser {
  readonly email: string
  readonly displayName: string
  readonly role: Role
  readonly passwordHash: string | null
  readonly emailVerified: boolean
  /** Default: password. */
  readonly authMethod?: User['authMethod']
}

type Making = Pick<UnitContext, 'unit' | 'now' | 'newId'>

/** Stages a user in the organisation of the unit. An address belongs to one organisation. */
export function newUser({ unit, now, newId }: Making, wanted: NewUser): User {
  if (unit.find(directoryKind, 'email', wanted.email)) throw emailTaken()
  dropInvitation(unit, wanted.email)
  const user: User = {
    authMethod: 'password',
    ...wanted,
    id: newId(),
    status: 'active',
    epoch: 0,
    marketingEmails: false,
    createdAt: now,
  }
  unit.put(userKind, user)
  unit.put(directoryKind, { id: user.id, kind: 'user', org: unit.org ?? '', email: user.email })
  return user
}

/** Whether people must agree to each new member of the organisation of the unit. */
export function needsAgreement(context: Pick<Context, 'unit' | 'now' | 'crypto' | 'areas'>): boolean {
  return context.areas.ruleOn(context, 'member.add') !== null
}

/** Stages a new address of a user. The user has proved that they own the address. */
export function moveUser({ unit }: Pick<UnitContext, 'unit'>, user: User, email: string): void {
  if (unit.find(directoryKind, 'email', email)) throw emailTaken()
  dropInvitation(unit, email)
  unit.put(userKind, { ...user, email, emailVerified: true })
  const entry = unit.get(directoryKind, user.id)
  if (entry) unit.put(directoryKind, { ...entry, email })
}

/** Stages an organisation and its owner, and enters the organisation. */
export function newOrg(
  context: Making,
  name: string,
  owner: Omit<NewUser, 'role' | 'emailVerified'>,
): { user: string; org: string } {
  const { unit, now, newId } = context
  const org = newId()
  unit.put(orgKind, { id: org, name, createdAt: now })
  unit.enter(org)
  const { id } = newUser(context, { ...owner, role: 'owner', emailVerified: true })
  return { user: id, org }
}

/** Returns the hash of a new password, or null if there is none. */
export async function hashOf(services: Services, password: string | undefined): Promise<string | null> {
  if (password === undefined) return null
  const problem = passwordProblem(password)
  if (problem) throw invalidField('password', problem)
  return hashPassword(services, password)
}
