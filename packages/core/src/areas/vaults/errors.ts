import { defineError } from '../../kernel/errors.ts'

export const vaultNotFound = defineError(
  'vault_not_found',
  'not_found',
  'The vault does not exist, or you cannot access it.',
)

export const vaultNameTaken = defineError('vault_name_taken', 'conflict', 'A vault with this name already exists.')
