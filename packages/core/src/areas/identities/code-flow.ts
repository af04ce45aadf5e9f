import { base64, base64url, equalBytes, utf8 } from '../../kernel/bytes.ts'
import { minute } from '../../kernel/time.ts'
import {
  type Context,
  type Engine,
  type IdentityProvider,
  perEngine,
  type UnitContext,
} from '../../operations/index.ts'
import { newLinkToken, useLinkToken } from '../credentials/index.ts'
import { fetchJson, issuers } from '../issuers/index.ts'
import { providerNotConfigured, signInFailed } from './errors.ts'

// The authorization code flow of OpenID Connect. It uses PKCE, a one-time state, a nonce, and a secret of the browser that began.
// So an attacker cannot sign a visitor in to another account, and a leaked code is worthless.

const lifeMs = 10 * minute
const purpose = 'oidc'

/** What the engine remembers of a sign-in that has begun. */
export interface Flow {
  readonly provider: string
  readonly nonce: string
  readonly verifier: string
  /** Hash of the secret that the browser holds. */
  readonly browser: string
  /** Where the person wants to go afterwards. */
  readonly next: string | null
  /** The user who links an identity; null for a sign-in. */
  readonly linkTo: string | null
}

export function providerNamed({ settings }: Pick<Context, 'settings'>, name: string): IdentityProvider {
  const found = settings.identityProviders.find((one) => one.name === name)
  if (!found) throw providerNotConfigured({ provider: /^[a-z0-9-]{1,32}$/.test(name) ? name : 'this provider' })
  return found
}

function callbackUrl({ settings }: Pick<Context, 'settings'>, { name }: IdentityProvider): string {
  return `${settings.publicUrl}/login/oidc/${name}/callback`
}

const metadata = perEngine((engine) => (issuer: string) => issuers(engine).metadata(issuer))

/** What the provider says of itself. */
export function metadataOf(context: Context, { issuer }: IdentityProvider) {
  return context.unit.waitFor(() => metadata(context)(issuer))
}

/** Stages a flow. Answers where the browser goes, and the secret that it keeps. */
export function beginFlow(
  context: Context,
  provider: IdentityProvider,
  wanted: Pick<Flow, 'next' | 'linkTo'>,
): { url: string; browserSecret: string } {
  const { random } = context.unit
  const { authorizationEndpoint } = metadataOf(context, provider)
  if (authorizationEndpoint === null) throw signInFailed()
  const [nonce, verifier, browserSecret] = [0, 1, 2].map(() => base64url(random.bytes(32))) as [string, string, string]
  const flow: Flow = { ...wanted, provider: provider.name, nonce, verifier, browser: hashOf(context, browserSecret) }
  const { linkTo } = wanted
  // A flow of a user ends with the user.
  const owner =
    linkTo && context.unit.org ? { org: context.unit.org, holder: { kind: 'user', id: linkTo } as const } : {}
  const state = newLinkToken(context, { purpose, subject: context.newId(), lifeMs, data: { ...flow }, ...owner })
  const url = new URL(authorizationEndpoint)
  const asked = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: callbackUrl(context, provider),
    scope: provider.scopes.join(' '),
    state,
    nonce,
    code_challenge: hashOf(context, verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { url: url.href, browserSecret }
}

/** Uses up the state. Throws unless this browser began the flow with this provider. */
export function useFlow(
  context: UnitContext,
  provider: IdentityProvider,
  state: string,
  browserSecret: string,
): Flow | null {
  const flow = useLinkToken(context, purpose, state)?.data as Flow | undefined
  if (!flow || flow.provider !== provider.name) return null
  return equalBytes(utf8(flow.browser), utf8(hashOf(context, browserSecret))) ? flow : null
}

function hashOf({ crypto }: Pick<Context, 'crypto'>, text: string): string {
  return base64url(crypto.sha256(utf8(text)))
}

/** Exchanges a code, at most once, and verifies the ID token. Answers its claims. */
export async function redeemCode(
  engine: Engine,
  provider: IdentityProvider,
  given: { readonly code: string; readonly flow: Flow; readonly issuer: string | null },
): Promise<Readonly<Record<string, unknown>>> {
  const { tokenEndpoint, namesItself } = await issuers(engine).metadata(provider.issuer)
  // The answer must come from the provider that was asked (RFC 9207).
  const isOther = given.issuer === null ? namesItself : given.issuer !== provider.issuer
  if (tokenEndpoint === null || isOther) throw signInFailed()
  const { status, json } = await fetchJson(engine, {
    url: tokenEndpoint,
    headers: credentialOf(provider),
    form: {
      grant_type: 'authorization_code',
      code: given.code,
      redirect_uri: callbackUrl(engine, provider),
      code_verifier: given.flow.verifier,
      ...(provider.clientSecret ? {} : { client_id: provider.clientId }),
    },
  })
  if (status !== 200 || typeof json.id_token !== 'string') {
    const error = typeof json.error === 'string' && /^[a-z_]{1,40}$/.test(json.error) ? json.error : null
    engine.log('warn', 'an identity provider refused a code', { provider: provider.name, status, error })
    throw signInFailed()
  }
  return claimsOf(engine, provider, json.id_token, given.flow.nonce)
}

/** The claims of an ID token. Nonce null: the client has no flow of ours, so there is none to compare with. */
export async function claimsOf(
  engine: Engine,
  provider: IdentityProvider,
  idToken: string,
  nonce: string | null,
): Promise<Readonly<Record<string, unknown>>> {
  const { issuer, clientId, name } = provider
  const verified = await issuers(engine).verify(idToken, { issuer, audiences: [clientId] })
  const problem = 'refused' in verified ? verified.refused : problemOf(verified.claims, clientId, nonce)
  if ('refused' in verified || problem !== null) {
    engine.log('warn', 'an ID token was refused', { provider: name, reason: problem })
    throw signInFailed()
  }
  return verified.claims
}

function problemOf(claims: Readonly<Record<string, unknown>>, clientId: string, nonce: string | null): string | null {
  if (nonce !== null && claims.nonce !== nonce) return 'nonce is not that of the request.'
  return claims.azp !== undefined && claims.azp !== clientId ? 'It was issued to another client.' : null
}

/** Both parts are encoded as a form first (RFC 6749, section 2.3.1). */
export function credentialOf({ clientId, clientSecret }: IdentityProvider): Record<string, string> {
  if (!clientSecret) return {}
  const part = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return { authorization: `Basic ${base64(utf8(`${part(clientId)}:${part(clientSecret.reveal())}`))}` }
}
