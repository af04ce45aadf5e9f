import { defineError } from '../../kernel/errors.ts'

export const chainNotFound = defineError(
  'chain_not_found',
  'not_found',
  'The chain does not exist. GET /v1/chains lists the chains.',
)
export const chainExists = defineError('chain_exists', 'conflict', 'A chain with this name or number exists.')
export const chainRemoved = defineError(
  'chain_removed',
  'conflict',
  'A built-in chain with this name or number was removed. It returns with its old name and number together.',
)
export const tokenNotFound = defineError('token_not_found', 'not_found', 'The token does not exist.')
export const tokenExists = defineError('token_exists', 'conflict', 'The chain has a token with this contract.')
