import { defineError } from '../../kernel/errors.ts'

/** Of RFC 6749. On the wire they are beside the usual fields of a problem. */
interface OAuthProblem {
  readonly error: string
  readonly error_description: string
}

export const unknownClient = defineError<OAuthProblem>(
  'oauth_unknown_client',
  'invalid',
  ({ error_description }) => error_description,
)

/** The browser must not be sent to this place, whatever is wrong besides. */
export const redirectRefused = defineError<OAuthProblem>(
  'oauth_redirect_refused',
  'invalid',
  ({ error_description }) => error_description,
)

export const oauthRefused = defineError<OAuthProblem>(
  'oauth_refused',
  'invalid',
  ({ error_description }) => error_description,
)

/** At the token endpoint, where RFC 6749 has 401. */
export const invalidClient = defineError<OAuthProblem>(
  'oauth_invalid_client',
  'unauthenticated',
  ({ error_description }) => error_description,
)

export const consentNotFound = defineError(
  'oauth_consent_not_found',
  'not_found',
  'You have not allowed this app to know anything.',
)

const noClient = 'Unknown client_id. It must be the slug of an active platform app, not its ID.'

export const unknownClientId = () => unknownClient({ error: 'invalid_request', error_description: noClient })
export const invalidClientId = () => invalidClient({ error: 'invalid_client', error_description: noClient })

export function refusedAs(error: string, error_description: string) {
  return oauthRefused({ error, error_description })
}

/** One answer for each reason, so that a thief of a code learns nothing. */
export function invalidGrant(what: 'code' | 'refresh token') {
  const why = `The ${what} is unknown, expired or used, or was issued for another client, redirect_uri or code_verifier.`
  return refusedAs('invalid_grant', why)
}
