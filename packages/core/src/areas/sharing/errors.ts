import { defineError } from '../../kernel/errors.ts'

/** The same answer for unknown, revoked, declined and foreign ids. */
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

/** The recipient has not accepted the share yet. */
export const shareNotAccepted = defineError('share_not_accepted', 'denied', 'Accept the share first.')

export const passphraseMissing = defineError(
  'passphrase_missing',
  'denied',
  'This share requires a passphrase. Set `passphrase`.',
)

export const passphraseWrong = defineError(
  'passphrase_wrong',
  'denied',
  'The passphrase is wrong. After 10 wrong passphrases, the share is locked.',
)

const reasons = {
  expired: 'The share has expired.',
  used_up: 'The share has reached its read limit.',
  locked: 'The share is locked, because the passphrase was wrong too often.',
  not_allowed: 'The creator of the share may not read the secret now, or not from this address.',
  orphaned: 'The creator of the share is no longer active.',
} as const

/** The share can no longer be read, because it is expired, used up or locked, or its creator was removed or lost access. */
export const shareGone = defineError<{ reason: keyof typeof reasons }>(
  'share_gone',
  'gone',
  ({ reason }) => reasons[reason],
)
