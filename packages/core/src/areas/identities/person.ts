import type { IdentityProvider, Role } from '../../operations/index.ts'
import { canonicalEmail, emailCharactersMax, isEmail, rankedRoles } from '../orgs/index.ts'

/** What a provider says about a person who signs in. */
export interface Person {
  readonly issuer: string
  readonly subject: string
  /** In its canonical form; null if the provider names none. */
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string
  readonly groups: readonly string[]
}

type Claims = Readonly<Record<string, unknown>>

export function personIn(provider: IdentityProvider, claims: Claims): Person {
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '')
  const email = canonicalEmail(text(provider.emailClaim))
  const isUsable = isEmail(email) && email.length <= emailCharactersMax
  // Apple says it as text.
  const isVerified = claims.email_verified === true || claims.email_verified === 'true'
  return {
    issuer: provider.issuer,
    subject: text('sub'),
    email: isUsable ? email : null,
    emailVerified: isUsable && (isVerified || (provider.emailsAreVerified && claims.email_verified === undefined)),
    name: text('name'),
    groups: groupsIn(claims, provider.groupsClaim),
  }
}

function groupsIn(claims: Claims, path: string): readonly string[] {
  const direct = Object.hasOwn(claims, path) ? claims[path] : undefined
  const found = direct ?? path.split('.').reduce<unknown>((at, name) => memberOf(at, name), claims)
  return [found].flat().filter((one): one is string => typeof one === 'string')
}

function memberOf(value: unknown, name: string): unknown {
  const isHolder = value !== null && typeof value === 'object' && Object.hasOwn(value, name)
  return isHolder ? (value as Claims)[name] : undefined
}

/** The role that the operator gives this person, or why they are not let in. */
export function admission(
  provider: IdentityProvider,
  person: Person,
): { readonly role: Role } | { readonly refused: string } {
  const { domains, groups, label } = provider
  const roles = person.groups.flatMap((group) => (Object.hasOwn(groups, group) ? [groups[group] as Role] : []))
  const hasGroups = Object.keys(groups).length > 0
  if (domains.length === 0 && !hasGroups) {
    return { refused: `${label} signs in only people who have linked it to their account.` }
  }
  if (domains.length > 0 && !isOfDomain(domains, person)) {
    return { refused: `${label} must name a verified e-mail address of a domain that the operator allows.` }
  }
  if (!hasGroups) return { role: 'member' }
  const highest = rankedRoles.filter((role) => roles.includes(role)).at(-1)
  return highest ? { role: highest } : { refused: `${label} must name a group that the operator allows.` }
}

/** Only a verified address counts, because a person can claim any unverified address. */
function isOfDomain(domains: readonly string[], { email, emailVerified }: Person): boolean {
  if (email === null || !emailVerified) return false
  const domain = email.slice(email.lastIndexOf('@') + 1)
  return domains.some((one) => one === '*' || one.toLowerCase() === domain)
}
