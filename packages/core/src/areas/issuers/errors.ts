import { defineError } from '../../kernel/errors.ts'

/** The issuer cannot be asked now, so nothing is known about its tokens. */
export const issuerUnavailable = defineError<{ reason: string }>(
  'issuer_unavailable',
  'unavailable',
  ({ reason }) => `The identity provider cannot be asked: ${reason}`,
)
