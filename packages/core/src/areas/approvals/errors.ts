import { defineError } from '../../kernel/errors.ts'

export const approvalNotFound = defineError(
  'approval_not_found',
  'not_found',
  'The approval does not exist, or you cannot access it.',
)

export const approvalDecided = defineError<{ status: string }>(
  'approval_decided',
  'conflict',
  ({ status }) => `The approval is ${status}. No decision is possible any more.`,
)

/** Another person must decide, so that one person alone changes nothing. */
export const ownRequest = defineError(
  'own_request',
  'denied',
  'You have asked for this approval, so another person must decide.',
)

export const secondFactorNeeded = defineError(
  'second_factor_needed',
  'denied',
  'An approval of risk tier 3 needs a second factor. Add a passkey or an authenticator app first.',
)

export const tooManyPending = defineError<{ max: number }>(
  'resource_limit_exceeded',
  'denied',
  ({ max }) => `The agent has ${max} approvals that wait for a decision. Wait until a human has decided.`,
)

/** Does not tell which it is. */
export const linkInvalid = defineError(
  'approval_link_invalid',
  'not_found',
  'The link is not valid. It was used, has expired, or links are turned off in this organisation.',
)
