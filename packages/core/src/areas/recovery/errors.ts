import { defineError } from '../../kernel/errors.ts'

export const recoveryNotFound = defineError(
  'recovery_not_found',
  'not_found',
  'There is no recovery request with this ID.',
)

export const recoveryOff = defineError(
  'recovery_off',
  'denied',
  'The policy of your organisation does not allow this recovery. An owner changes it.',
)

export const recoveryOpen = defineError(
  'recovery_open',
  'conflict',
  'You have an open request of this type. Cancel it first.',
)

export const recoveryNotPending = defineError<{ status: string }>(
  'recovery_not_pending',
  'conflict',
  ({ status }) => `The request is ${status}, so this cannot be done with it.`,
)

export const recoveryTooEarly = defineError<{ at: string }>(
  'recovery_too_early',
  'conflict',
  ({ at }) => `The delay of the policy is not over. Execute the request after ${at}.`,
)
