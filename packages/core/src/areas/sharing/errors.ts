import { defineError } from '../../kernel/errors.ts'

/** The same for an id that never was, one that was revoked or declined, and one that is somebody else's business. */
export const shareNotFound = defineError(
  'share_not_found',
  'not_found',
  'The share does not exist, or you cannot access it.',
)

export const recipientNotFound = defineError(
  'recipient_not_found',
  'not_found',
  'The organisation has no active recipient with this ID.',
)

const reasons = {
  expired: 'The share has expired.',
  used_up: 'The share has reached its read limit.',
  locked: 'The share is locked, because the passphrase was wrong too often.',
  orphaned: 'The creator of the share is no longer active.',
} as const

/** The share was there and can no longer be read: it is expired, used up or locked, or its maker is gone. */
export const shareGone = defineError<{ reason: keyof typeof reasons }>(
  'share_gone',
  'gone',
  ({ reason }) => reasons[reason],
)
