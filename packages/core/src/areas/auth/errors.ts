import { defineError, invalidField, type PawlError } from '../../kernel/errors.ts'

// One answer for every reason, so that callers do not learn which accounts and keys exist.

export const wrongPassword = defineError(
  'wrong_password',
  'unauthenticated',
  'Invalid credentials. After 10 wrong passwords, the account refuses every password for 15 minutes.',
)

export const invalidKey = defineError(
  'invalid_key',
  'unauthenticated',
  'Invalid credentials: the key is unknown, expired or has been revoked, or does not belong to this agent.',
)

/** The answer to a wrong password of a caller who is signed in. */
export function wrongOwnPassword(): PawlError {
  return invalidField(
    'current_password',
    'is wrong. After 10 wrong passwords, the account refuses every password for 15 minutes',
  )
}

export const apiKeyNotFound = defineError('api_key_not_found', 'not_found', 'You have no API key with this ID.')

/** The new key would have scopes that the current key does not have. */
export const scopesExceeded = defineError<{ excess: readonly string[] }>('scopes_exceeded', 'denied', ({ excess }) =>
  excess.length === 0
    ? 'An API key with scopes cannot create a key without scopes. Set `scopes`.'
    : `The key that you use does not have these scopes: ${excess.join(', ')}`,
)

export const invalidAgentIdentity = defineError(
  'invalid_agent_identity',
  'unauthenticated',
  'Invalid credentials: no agent with this agent_id signs in with this certificate or client_assertion. The audit trail of its organisation has the reason.',
)

export const notAnAgent = defineError(
  'not_an_agent',
  'unauthenticated',
  'Invalid credentials: subject_token must be the token or the API key of an agent.',
)

/** The agent gets no token for this audience. */
export const federationRefused = defineError<{ reason: string }>('federation_refused', 'denied', ({ reason }) => reason)

/** The scope of the request must be a part of the scopes of the agent. */
export const federationScopesExceeded = defineError<{ excess: readonly string[] }>(
  'federation_scopes_exceeded',
  'denied',
  ({ excess }) => `The agent does not have these scopes: ${excess.join(', ')}`,
)

/** The proof of possession is missing, invalid or used. */
export const invalidProof = defineError<{ reason: string }>(
  'invalid_dpop_proof',
  'unauthenticated',
  ({ reason }) => `The DPoP proof is not valid. ${reason}`,
)

/** The proof must have this nonce. */
export const nonceWanted = defineError<{ nonce: string }>(
  'use_dpop_nonce',
  'unauthenticated',
  'The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.',
)
