import { defineError } from '../../kernel/errors.ts'

/** Why a root share was refused. */
export interface RequestRejected {
  readonly reason: 'not_a_share' | 'mistyped' | 'newer' | 'foreign' | 'repeated' | 'no_shares' | 'not_these'
}

const texts: Readonly<Record<RequestRejected['reason'], string>> = {
  not_a_share: 'This is not a root share. A root share begins with pawl-share-.',
  mistyped: 'This share has a typing error. Compare it with the paper, group by group.',
  newer: 'A newer version of Pawl made this share. Use that version.',
  foreign: 'This share belongs to another set of shares than the one this vault is sealed with.',
  repeated: 'This share was already entered. The next share must come from another custodian.',
  no_shares:
    'The root key of this vault is not split into shares. Restart the server to open the vault with its configured root key.',
  not_these: 'These shares belong to a set that was never put into use. Enter the shares of the other set.',
}

/** The root share is invalid, of another set, or already entered. */
export const shareRefused = defineError<RequestRejected>('share_refused', 'invalid', ({ reason }) => texts[reason])

export const cannotSeal = defineError(
  'cannot_seal',
  'conflict',
  'This vault cannot be sealed, because its key store holds no root key. Stop the server instead.',
)
