import { defineError } from '../../kernel/errors.ts'

export const vaultNotFound = defineError('vault_not_found', 'not_found', 'There is no such vault.')

export const vaultNameTaken = defineError('vault_name_taken', 'conflict', 'A vault with this name exists already.')
