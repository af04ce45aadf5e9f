import { defineError } from '../../kernel/errors.ts'

export const identityNotFound = defineError('identity_not_found', 'not_found', 'You have no identity with this ID.')

export const providerNotConfigured = defineError<{ provider: string }>(
  'identity_provider_not_configured',
  'unavailable',
  ({ provider }) => `Sign-in with ${provider} is not configured. The operator sets it up in PAWL_OIDC_PROVIDERS.`,
)

/** One answer for everything that is wrong with what the provider or the browser sent. */
export const signInFailed = defineError(
  'sign_in_failed',
  'unauthenticated',
  'The sign-in with the identity provider failed or took longer than 10 minutes. Begin again.',
)

/** The provider says who it is, and the operator does not let this person in. */
export const notAdmitted = defineError<{ reason: string }>('not_admitted', 'denied', ({ reason }) => reason)

/** An address proves too little: whoever has it at a provider must not get an account that is there. */
export const identityNotLinked = defineError(
  'identity_not_linked',
  'conflict',
  'An account with this e-mail address exists, and it is not linked to this identity. Sign in to it, then link the identity.',
)

export const identityTaken = defineError(
  'identity_taken',
  'conflict',
  'This identity is linked to another account. Unlink it there first.',
)

export const lastWayIn = defineError(
  'last_way_in',
  'conflict',
  'This identity is your only way to sign in. Set a password first.',
)
