import { defineError } from '../../kernel/errors.ts'

export const smartAccountNotFound = defineError(
  'smart_account_not_found',
  'not_found',
  'The agent has no smart account on this chain.',
)

export const notAnOwner = defineError<{ safe: string }>(
  'not_an_owner',
  'invalid',
  ({ safe }) => `safe_address: the key of the agent is no owner of ${safe}, or there is no Safe at this address.`,
)
