import * as z from 'zod'
import { fields, operation, requireFeature, tierLimitReached } from '../../../operations/index.ts'
import { systemVault, vaultNotFound } from '../errors.ts'
import { requireKeyStores, serverStore } from '../key-stores.ts'
import { moveVault } from '../move-vault.ts'
import { isSystemVault, vaultKind } from '../records.ts'
import { vaultAt } from '../resource.ts'
import { keyStoreField, VaultBody, vaultBody } from '../schemas.ts'

export const moveVaultKey = operation({
  name: 'vaults.moveKey',
  summary:
    'Move the wrapping key of a vault to another key store of your organisation. Reads and writes continue meanwhile.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/key-store', status: 202, id: 'moveVaultKey', tag: 'Vaults' },
  command: { positionals: ['vault_id', 'key_store'] },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'vault.move_key',
    resource: 'vault',
    about: ({ vault_id, key_store }) => ({ id: vault_id, key_store }),
  },
  input: z.object({
    vault_id: fields.id(),
    key_store: keyStoreField().describe('The name of the key store. `server` is that of the server.'),
  }),
  output: VaultBody,
  errors: [vaultNotFound, systemVault, tierLimitReached],
  run: (context, { vault_id, key_store }) => {
    const { unit, keyStores } = context
    const vault = unit.require(vaultKind, vault_id, vaultNotFound)
    if (isSystemVault(vault)) throw systemVault()
    requireKeyStores(unit, keyStores, 'key_store', [key_store])
    if (key_store !== serverStore) requireFeature(context, 'key_stores')
    return vaultBody(moveVault(context, vault, [key_store]))
  },
})
