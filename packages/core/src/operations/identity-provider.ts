import type { Secret } from '../kernel/secret.ts'
import type { Role } from './caller.ts'

/** A service that people sign in with (OpenID Connect), as the operator configures it. */
export interface IdentityProvider {
  /** In the URL of its pages: `/login/oidc/<name>`. The names google, apple and discord also serve the social sign-in. */
  readonly name: string
  /** As people read it: Sign in with <label>. */
  readonly label: string
  /** Its tokens name exactly this issuer. The discovery document is below it. */
  readonly issuer: string
  readonly clientId: string
  /** Null for a public client. */
  readonly clientSecret: Secret<string> | null
  /** The organisation that new people join. Default: the first one. */
  readonly org?: string
  readonly scopes: readonly string[]
  /** Only people with a verified address of these domains sign in. `*`: every domain. Empty: the groups alone decide. */
  readonly domains: readonly string[]
  /** Only people in one of these groups sign in, with the highest of their roles. Empty: the domains alone decide. */
  readonly groups: Readonly<Record<string, Role>>
  /** Where its tokens list the groups: the name of a claim, or a path with dots. */
  readonly groupsClaim: string
  readonly emailClaim: string
  /** Whether it verifies addresses without saying so in `email_verified`. */
  readonly emailsAreVerified: boolean
}

type Given = Pick<IdentityProvider, 'name' | 'issuer' | 'clientId'> & Partial<IdentityProvider>

/**
 * An identity provider with its defaults. Without `domains` and `groups`, only people who have linked their account sign in.
 *
 * @example
 * identityProvider({ name: 'corp', issuer: 'https://id.example.com', clientId: 'pawl', domains: ['example.com'] })
 */
export function identityProvider(given: Given): IdentityProvider {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(given.name)) {
    throw new TypeError('name must be 1 to 32 lowercase letters, digits and hyphens')
  }
  if (!URL.canParse(given.issuer)) throw new TypeError('issuer must be a URL')
  return {
    label: given.name.charAt(0).toUpperCase() + given.name.slice(1),
    clientSecret: null,
    scopes: ['openid', 'email', 'profile'],
    domains: [],
    groups: {},
    groupsClaim: 'groups',
    emailClaim: 'email',
    emailsAreVerified: false,
    ...given,
  }
}
