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

/** The organisation has too few key stores. An operator configures key stores. */
export const custodyNotConfigured = defineError<{ names: readonly string[] }>(
  'custody_not_configured',
  'unavailable',
  ({ names }) =>
    `Custody 2-of-3 needs three key stores, and your organisation has ${names.length}: ${names.join(', ')}. An operator ` +
    'can configure others (PAWL_KEY_STORE_<NAME>).',
)

/** The vault is sealed, because a key store with its keys is away. Other vaults work. */
export const keyStoreUnavailable = defineError<{ key_stores: readonly string[] }>(
  'key_store_unavailable',
  'unavailable',
  ({ key_stores: names }) =>
    `This vault is sealed, because its key store is not available: ${names.join(', ')}. Values can be read and stored ` +
    'again when it is back.',
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
