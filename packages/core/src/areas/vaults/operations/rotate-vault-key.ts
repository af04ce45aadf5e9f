import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../errors.ts'
import { vaultKeysKind } from '../records.ts'
import { vaultAt } from '../resource.ts'
import { rotateKeys } from '../rotation.ts'

export const rotateVaultKey = operation({
  name: 'vaults.rotateKey',
  summary: 'Give a vault a new wrapping key. Reads and writes continue meanwhile, and values do not change.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/rotate-key', status: 200, id: 'rotateVaultKey', tag: 'Vaults' },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'vault.rotate_key',
    resource: 'vault',
    about: ({ vault_id }, result) => ({ id: vault_id, key_number: result?.key_number }),
  },
  input: z.object({ vault_id: fields.id() }),
  output: z.object({ key_number: fields.count() }),
  errors: [vaultNotFound],
  run: (context, { vault_id }) => {
    const { unit } = context
    const keys = unit.require(vaultKeysKind, vault_id, vaultNotFound)
    const { current } = rotateKeys(context, keys)
    return { key_number: current }
  },
})
