import type { Secret } from '../../kernel/secret.ts'
import { type Context, perEngine } from '../../operations/index.ts'
import { issuers, type Verified } from '../issuers/index.ts'
import { canonicalEmail, isEmail } from '../orgs/index.ts'
import { noIdentityProvider, subjectTokenRefused } from './errors.ts'
import type { App } from './records.ts'

/** Who a subject token says that a user is. */
export interface Subject {
  readonly subject: string
  /** Only an address that the identity provider verified. */
  readonly email: string | null
}

const verifiers = perEngine((engine) => {
  const { verifyWithKeysAt } = issuers(engine)
  return (app: App, jwksUrl: string, token: string): Promise<Verified> =>
    verifyWithKeysAt(token, { jwksUrl, issuer: app.oidcIssuer, audience: app.oidcAudience })
})

/** Reads a token of the identity provider of the app. Throws if it is not valid, or for another audience. */
export function readSubjectToken(context: Context, app: App, token: Secret<string>): Subject {
  const { oidcJwksUrl } = app
  if (oidcJwksUrl === null) throw noIdentityProvider()
  const verified = context.unit.waitFor(() => verifiers(context)(app, oidcJwksUrl, token.reveal()))
  if ('refused' in verified) throw subjectTokenRefused({ reason: verified.refused })
  const { sub, email, email_verified } = verified.claims
  const address = typeof email === 'string' ? canonicalEmail(email) : ''
  return { subject: sub ?? '', email: email_verified === true && isEmail(address) ? address : null }
}
