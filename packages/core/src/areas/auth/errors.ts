import { defineError } from '../../kernel/errors.ts'

// One answer for every reason, so that nobody learns which accounts and keys there are.

export const wrongPassword = defineError(
  'wrong_password',
  'unauthenticated',
  'Invalid credentials. After 10 wrong passwords an account takes none for 15 minutes.',
)

export const invalidKey = defineError(
  'invalid_key',
  'unauthenticated',
  'Invalid credentials: the key is unknown, expired or has been revoked, or does not belong to this agent.',
)

export const apiKeyNotFound = defineError('api_key_not_found', 'not_found', 'There is no such API key of yours.')

export const scopesExceeded = defineError<{ excess: readonly string[] }>('scopes_exceeded', 'denied', ({ excess }) =>
  excess.length === 0
    ? 'A key with scopes cannot make one without: name the scopes.'
    : `These scopes go beyond those of the key you are using: ${excess.join(', ')}`,
)
