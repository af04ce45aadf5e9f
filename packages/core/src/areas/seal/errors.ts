import { defineError } from '../../kernel/errors.ts'

/** Why a share was not taken. */
export interface RequestRejected {
  readonly reason: 'not_a_share' | 'mistyped' | 'newer' | 'foreign' | 'repeated' | 'no_shares' | 'not_these'
}

const texts: Readonly<Record<RequestRejected['reason'], string>> = {
  not_a_share: 'This is not a share. A share begins with pawl-share-.',
  mistyped: 'This share was mistyped: compare it with the paper, group by group.',
  newer: 'This share was made by a newer Pawl; use that one.',
  foreign: 'This share belongs to another set than the one this vault is sealed with.',
  repeated: 'This share was entered already; the next must come from another custodian.',
  no_shares:
    'The root of this vault is not in shares. Restart the server: it opens with the root it is configured with.',
  not_these:
    'These shares belong together but do not open this vault: their set was never put to use. Enter the others.',
}

export const shareRefused = defineError<RequestRejected>('share_refused', 'invalid', ({ reason }) => texts[reason])

export const cannotSeal = defineError(
  'cannot_seal',
  'conflict',
  'The key store of this vault has no seal. Stop the server instead.',
)
