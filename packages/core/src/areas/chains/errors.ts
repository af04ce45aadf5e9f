import { defineError } from '../../kernel/errors.ts'

export const chainNotFound = defineError(
  'chain_not_found',
  'not_found',
  'There is no chain with this name, number or ID.',
)
export const chainExists = defineError('chain_exists', 'conflict', 'A chain with this name or number exists.')
export const tokenNotFound = defineError('token_not_found', 'not_found', 'There is no token with this ID.')
export const tokenExists = defineError('token_exists', 'conflict', 'The chain has a token with this contract.')
