import type { PawlError } from '../../kernel/errors.ts'
import {
  auditEvent,
  type Context,
  created,
  type IdentityProvider,
  type Role,
  tierLimitReached,
} from '../../operations/index.ts'
import { stageFailure } from '../auth/index.ts'
import { isBlocked } from '../credentials/index.ts'
import { issuerUnavailable } from '../issuers/index.ts'
import {
  directoryKind,
  displayNameField,
  installationKind,
  memberNotAgreed,
  needsAgreement,
  newUser,
  type User,
  userKind,
} from '../orgs/index.ts'
import { identityNotLinked, identityTaken, notAdmitted, providerNotConfigured, signInFailed } from './errors.ts'
import { admission, type Person } from './person.ts'
import { type Identity, identityId, identityKind } from './records.ts'

/** The refusals of every sign-in through a provider. */
export const entryRefusals = [
  providerNotConfigured,
  issuerUnavailable,
  signInFailed,
  notAdmitted,
  memberNotAgreed,
  identityNotLinked,
  tierLimitReached,
]

/** Who signed in, or why they did not. Commit the unit in both cases. */
export type Entered = { readonly user: User; readonly isNew: boolean } | { readonly refused: PawlError }

/** The user of a person, in the organisation of that user; a new one where the operator lets the person in. */
export function enter(context: Context, provider: IdentityProvider, person: Person): Entered {
  const { unit, now } = context
  const known = unit.get(identityKind, identityId(context, person.issuer, person.subject))
  if (!known) return enterNew(context, provider, person)
  unit.enter(known.org)
  const user = unit.get(userKind, known.userId)
  const principal = { kind: 'user', id: known.userId } as const
  const kept = user?.status === 'active' && !isBlocked(user, now) ? withRole(context, provider, person, user) : null
  if (!kept || 'refused' in kept) {
    stageFailure(context, principal, 'oidc', kept?.refused ?? 'The account is not active.')
    return { refused: kept ? notAdmitted({ reason: kept.refused }) : signInFailed() }
  }
  unit.put(identityKind, { ...known, email: person.email ?? known.email, lastUsedAt: now })
  return { user: kept, isNew: false }
}

/** The groups of a provider decide about a role each time. Owners stay owners, so that no provider can take an organisation. */
function withRole(
  context: Context,
  provider: IdentityProvider,
  person: Person,
  user: User,
): User | { readonly refused: string } {
  if (Object.keys(provider.groups).length === 0 || user.role === 'owner') return user
  const admitted = admission(provider, person)
  if ('refused' in admitted || admitted.role === user.role) return 'refused' in admitted ? admitted : user
  // People must agree to a change of the role. So the role stays until an owner or admin requests the change.
  if (context.areas.ruleOn(context, 'member.role_change') !== null) return user
  const changed = { ...user, role: admitted.role }
  context.unit.put(userKind, changed)
  tell(context, 'member.role_change', user.id, { role: admitted.role, provider: provider.name })
  return changed
}

function enterNew(context: Context, provider: IdentityProvider, person: Person): Entered {
  const { unit } = context
  const org = provider.org ?? unit.get(installationKind, 'main')?.org
  if (org === undefined) return { refused: signInFailed() }
  unit.enter(org)
  const admitted = admission(provider, person)
  const { email } = person
  if ('refused' in admitted || email === null) {
    const reason = 'refused' in admitted ? admitted.refused : `${provider.label} must name an e-mail address.`
    tell(context, 'auth.failure', '', { method: 'oidc', provider: provider.name, reason, outcome: 'denied' })
    return { refused: notAdmitted({ reason }) }
  }
  if (unit.find(directoryKind, 'email', email)) {
    tell(context, 'auth.failure', '', { method: 'oidc', provider: provider.name, reason: 'The address is in use.' })
    return { refused: identityNotLinked() }
  }
  if (needsAgreement(context)) {
    const refused = memberNotAgreed()
    tell(context, 'auth.failure', '', { method: 'oidc', provider: provider.name, reason: refused.message })
    return { refused }
  }
  const user = make(context, provider, person, email, admitted.role)
  tell(context, 'user.register', user.id, { provider: provider.name, role: user.role })
  return { user, isNew: true }
}

const social = ['google', 'apple', 'discord'] as const

function make(context: Context, provider: IdentityProvider, person: Person, email: string, role: Role): User {
  const authMethod = social.find((one) => one === provider.name) ?? 'oidc'
  const { emailVerified, name } = person
  // The provider lets people choose a name. One that is not fit to be shown is left out.
  const displayName = displayNameField().safeParse(name).data ?? ''
  const user = newUser(context, { email, displayName, role, passwordHash: null, emailVerified, authMethod })
  created(context, 'user', user.id)
  keep(context, provider, person, user)
  return user
}

/** Links a person to a user who is signed in. */
export function link(context: Context, provider: IdentityProvider, person: Person, user: User): Entered {
  const { unit } = context
  const known = unit.get(identityKind, identityId(context, person.issuer, person.subject))
  if (known && known.userId !== user.id) {
    stageFailure(context, { kind: 'user', id: user.id }, 'oidc', 'The identity is linked to another account.')
    return { refused: identityTaken() }
  }
  keep(context, provider, person, user)
  tell(context, 'identity.link', user.id, { provider: provider.name })
  return { user, isNew: false }
}

function keep(context: Context, provider: IdentityProvider, person: Person, user: User): void {
  const { unit, now } = context
  const { issuer, subject } = person
  const identity: Identity = {
    id: identityId(context, issuer, subject),
    org: unit.org ?? '',
    userId: user.id,
    provider: provider.name,
    issuer,
    subject,
    email: person.email ?? '',
    createdAt: now,
    lastUsedAt: now,
  }
  unit.put(identityKind, identity)
}

function tell(context: Context, action: string, id: string, details: Readonly<Record<string, string>>): void {
  context.unit.audit(auditEvent(context, { action, resource: { type: 'user', id }, details }))
}
