import { defineError } from '../../kernel/errors.ts'

export const memberNotFound = defineError(
  'member_not_found',
  'not_found',
  'The organisation has no member with this ID.',
)

export const lastOwner = defineError(
  'last_owner',
  'conflict',
  'The organisation has no other owner. Give another member the role owner first.',
)

export const emailTaken = defineError('email_taken', 'conflict', 'Another user already has this e-mail address.')
