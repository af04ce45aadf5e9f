import { defineError } from '../../kernel/errors.ts'

/** One answer for every reason, so that callers do not learn which requests exist. */
export const enrolmentNotFound = defineError(
  'enrolment_not_found',
  'not_found',
  'The request does not exist, has expired, was decided, or is for another user.',
)
