import { invalidField } from '../../kernel/errors.ts'
import { uuid } from '../../kernel/ids.ts'
import type { Engine, Role } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { emailTaken } from './errors.ts'
import { hashPassword, passwordProblem } from './password.ts'
import { directoryKind, orgKind, type User, userKind } from './records.ts'

export interface NewUser {
  readonly email: string
  readonly displayName: string
  readonly role: Role
  readonly passwordHash: string | null
  readonly emailVerified: boolean
}

/** Stages a user of the organisation the unit is in. An address signs in to one organisation only. */
export async function newUser(engine: Engine, unit: Unit, wanted: NewUser): Promise<User> {
  if (await unit.find(directoryKind, 'email', wanted.email)) throw emailTaken()
  const user: User = {
    ...wanted,
    id: uuid(engine.random),
    status: 'active',
    authMethod: 'password',
    epoch: 0,
    marketingEmails: false,
    createdAt: engine.records.now(),
  }
  unit.put(userKind, user)
  unit.put(directoryKind, { id: user.id, kind: 'user', org: unit.org ?? '', email: user.email })
  return user
}

/** Stages an organisation and its owner, and enters it. */
export async function newOrg(
  engine: Engine,
  unit: Unit,
  name: string,
  owner: Omit<NewUser, 'role' | 'emailVerified'>,
): Promise<{ user: string; org: string }> {
  const org = uuid(engine.random)
  unit.put(orgKind, { id: org, name, createdAt: engine.records.now() })
  unit.enter(org)
  const { id } = await newUser(engine, unit, { ...owner, role: 'owner', emailVerified: true })
  return { user: id, org }
}

/** The hash of a new password, or none for none. */
export async function hashOf(engine: Engine, password: string | undefined): Promise<string | null> {
  if (password === undefined) return null
  const problem = passwordProblem(password)
  if (problem) throw invalidField('password', problem)
  return hashPassword(engine, password)
}
