import { defineError } from '../../kernel/errors.ts'

export const honeytokenNotFound = defineError(
  'honeytoken_not_found',
  'not_found',
  'The organisation has no honeytoken with this ID.',
)

export const honeytokenExists = defineError(
  'honeytoken_exists',
  'conflict',
  'This path of the vault is a honeytoken already.',
)

export const tooManyHoneytokens = defineError<{ max: number }>(
  'too_many_honeytokens',
  'conflict',
  ({ max }) => `An organisation has at most ${max} honeytokens. Delete one first.`,
)

export const principalNotFound = defineError(
  'risk_principal_not_found',
  'not_found',
  'The organisation has no such user or agent.',
)

export const verdictNotFound = defineError(
  'risk_verdict_not_found',
  'not_found',
  'There is no active verdict about this principal.',
)
