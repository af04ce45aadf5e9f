import { base64url, utf8 } from '../../kernel/bytes.ts'
import { second } from '../../kernel/time.ts'
import {
  type Context,
  type Engine,
  type IdentityProvider,
  type Origin,
  perEngine,
  useOnce,
} from '../../operations/index.ts'
import { fetchJson, httpOk } from '../issuers/index.ts'
import { claimsOf, credentialOf } from './code-flow.ts'
import { type Entered, enter } from './enter.ts'
import { signInFailed } from './errors.ts'
import { enterAfter } from './in-second-unit.ts'
import { personIn } from './person.ts'
import type { EnteredBody } from './schemas.ts'

// Sign-in of apps that have an ID token of Google or Apple, or a code of Discord. The operator's rules are those of every
// other identity provider.

const idTokens = perEngine(
  (engine) => (provider: IdentityProvider, idToken: string) => claimsOf(engine, provider, idToken, null),
)

/** Signs in with an ID token, which works once here. */
export function enterWithIdToken(context: Context, provider: IdentityProvider, idToken: string): Entered {
  const { unit, crypto } = context
  const claims = unit.waitFor(() => idTokens(context)(provider, idToken))
  const person = personIn(provider, claims)
  const isNew = useOnce(unit, base64url(crypto.sha256(utf8(idToken))), Number(claims.exp) * second + endSlackMs)
  return isNew && person.emailVerified ? enter(context, provider, person) : { refused: signInFailed() }
}

/** The issuer's word is accepted so long after its end. */
const endSlackMs = 60 * second

/** Signs in with a code of Discord, which has no ID tokens. */
export async function enterWithDiscord(
  engine: Engine,
  origin: Origin,
  provider: IdentityProvider,
  given: { readonly code: string; readonly redirectUri: string; readonly chains: readonly string[] },
): Promise<EnteredBody> {
  const { status, json } = await fetchJson(engine, {
    url: `${provider.issuer}/api/oauth2/token`,
    headers: credentialOf(provider),
    form: { grant_type: 'authorization_code', code: given.code, redirect_uri: given.redirectUri },
  })
  if (status !== 200 || typeof json.access_token !== 'string') throw signInFailed()
  const at = `${provider.issuer}/api/users/@me`
  const user = httpOk(
    await fetchJson(engine, { url: at, headers: { authorization: `Bearer ${json.access_token}` } }),
    at,
  )
  const { id: sub, email, verified, global_name: name } = user
  const person = personIn(provider, { sub, email, email_verified: verified, name })
  if (person.subject === '' || !person.emailVerified) throw signInFailed()
  return enterAfter(engine, origin, (context) => enter(context, provider, person), given.chains)
}
