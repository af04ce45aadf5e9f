import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { shareKind } from '../records.ts'
import { ShareItem, shareItems } from '../schemas.ts'

const VaultShare = ShareItem.extend({
  created_by: fields.id(),
  created_by_type: z.enum(['user', 'agent']),
}).meta({ id: 'VaultShareListItem' })

export const listVaultShares = operation({
  name: 'sharing.ofVault',
  summary: 'List the shares of all secrets of a vault, for callers who manage the vault.',
  http: { method: 'GET', path: '/v1/vaults/{vault_id}/shares', status: 200, id: 'listVaultShares', tag: 'Sharing' },
  command: {
    name: 'share list-vault',
    columns: ['secret_path', 'recipient_type', 'created_by_type', 'created_by', 'access_count', 'expires_at', 'id'],
  },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'share.list', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: z.object({ shares: z.array(VaultShare) }),
  errors: [vaultNotFound],
  run: (context, { vault_id }) => {
    const { unit, now } = context
    const shares = unit.list(shareKind, 'vault', unit.org ?? '', vault_id)
    const makers = new Map(shares.map(({ linkId, createdBy }) => [linkId, createdBy]))
    return {
      shares: shareItems(context, shares, now).flatMap((item) => {
        const maker = makers.get(item.id)
        return maker ? [{ ...item, created_by: maker.id, created_by_type: maker.kind }] : []
      }),
    }
  },
})
