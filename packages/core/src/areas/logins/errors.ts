import { defineError } from '../../kernel/errors.ts'

/** One answer for every reason, so that callers do not learn which codes exist. */
export const deviceCodeNotFound = defineError(
  'device_code_not_found',
  'not_found',
  'The code does not exist, has expired, was used, or is for another account.',
)
