import { defineError } from '../../kernel/errors.ts'

export const memberNotFound = defineError('member_not_found', 'not_found', 'The organisation has no such member.')

export const lastOwner = defineError(
  'last_owner',
  'conflict',
  'The organisation has no other owner: make somebody else an owner first.',
)

export const emailTaken = defineError('email_taken', 'conflict', 'Somebody signs in with this e-mail address already.')
