import { defineError } from '../../kernel/errors.ts'

export const vaultNotFound = defineError(
  'vault_not_found',
  'not_found',
  'The vault does not exist, or you cannot access it.',
)

export const vaultNameTaken = defineError('vault_name_taken', 'conflict', 'A vault with this name already exists.')

export const systemVault = defineError(
  'system_vault',
  'denied',
  'The engine manages this vault. Its custody and its encryption cannot be changed.',
)

export const custodyNotConfigured = defineError(
  'custody_not_configured',
  'unavailable',
  'Custody 2-of-3 needs several independent HSMs, and this server has one. Use 2-of-2.',
)

export const clientShareMissing = defineError(
  'client_share_missing',
  'invalid',
  'The key of this value is split. Send the client share that you got when the value was stored (header X-Client-Share).',
)

export const clientShareWrong = defineError(
  'client_share_wrong',
  'invalid',
  'The client share does not open this version of the secret.',
)
