import { defineError } from '../../kernel/errors.ts'

/** The same for an id that never was, one that was revoked or declined, and one that is somebody else's business. */
export const shareNotFound = defineError('share_not_found', 'not_found', 'There is no such share.')

export const recipientNotFound = defineError(
  'recipient_not_found',
  'not_found',
  'The organisation has no such recipient, or they cannot sign in any more.',
)

const reasons = {
  expired: 'The share has expired.',
  used_up: 'The share was read as often as it may be.',
  locked: 'The share is locked: the passphrase was wrong too often.',
  orphaned: 'Whoever made the share is not there any more.',
} as const

export const shareGone = defineError<{ reason: keyof typeof reasons }>(
  'share_gone',
  'gone',
  ({ reason }) => reasons[reason],
)
