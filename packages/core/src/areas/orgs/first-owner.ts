import { invalidField, invalidInput } from '../../kernel/errors.ts'
import { uuid } from '../../kernel/ids.ts'
import type { Engine } from '../../operations/index.ts'
import { hashPassword, passwordProblem } from './password.ts'
import { canonicalEmail, directoryKind, installationKind, orgKind, type User, userKind } from './records.ts'

export interface FirstOwner {
  readonly email: string
  /** Left out, the owner can be used inside this process only, until a password is set. */
  readonly password?: string
  readonly displayName?: string
  readonly orgName?: string
}

/** Makes the first organisation and its owner. When there is one already, answers that one and changes nothing. */
export async function firstOwner(
  engine: Engine,
  wanted: FirstOwner,
): Promise<{ user: string; org: string; created: boolean }> {
  const email = canonicalEmail(wanted.email)
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalidField('email', 'must be an e-mail address')
  const passwordHash = await hashOf(engine, wanted.password)
  return engine.records.transact(async (unit) => {
    const installed = await unit.get(installationKind, 'main')
    if (installed) return { user: installed.owner, org: installed.org, created: false }
    const now = engine.records.now()
    const org = uuid(engine.random)
    unit.put(orgKind, { id: org, name: wanted.orgName ?? 'default', createdAt: now })
    unit.enter(org)
    const owner: User = {
      id: uuid(engine.random),
      email,
      displayName: wanted.displayName ?? '',
      role: 'owner',
      status: 'active',
      authMethod: 'password',
      passwordHash,
      epoch: 0,
      emailVerified: true,
      marketingEmails: false,
      createdAt: now,
    }
    unit.put(userKind, owner)
    unit.put(directoryKind, { id: owner.id, kind: 'user', org, email })
    unit.put(installationKind, { id: 'main', org, owner: owner.id })
    return { user: owner.id, org, created: true }
  })
}

async function hashOf(engine: Engine, password: string | undefined): Promise<string | null> {
  if (password === undefined) return null
  const problem = passwordProblem(password)
  if (problem) throw invalidInput({ fields: { password: problem } })
  return hashPassword(engine, password)
}
