import * as z from 'zod'
import { fields, operation, principalOf, signedIn, visible } from '../../../operations/index.ts'
import { isOfOtherAgent, isSystemVault, vaultKind } from '../records.ts'
import { VaultBody, vaultBody } from '../schemas.ts'

export const listVaults = operation({
  name: 'vaults.list',
  summary: 'List the vaults that the caller owns or can access.',
  http: { method: 'GET', path: '/v1/vaults', status: 200, id: 'listVaults', tag: 'Vaults' },
  tools: [{ name: 'list_vaults', summary: 'List the vaults that you can access.', input: z.object({}) }],
  command: { columns: ['name', 'id', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  delegable: true,
  audit: { action: 'vault.list', resource: 'vault' },
  input: z.object({
    limit: fields.optional(fields.count(1_000, 1)).describe('Maximum number of entries. Default: all.'),
    offset: fields.optional(fields.count()).describe('Number of entries to skip. Default: 0.'),
  }),
  output: z.object({ vaults: z.array(VaultBody) }),
  errors: [],
  run: (context, { limit, offset = 0 }) => {
    const me = principalOf(signedIn(context))
    const vaults: VaultBody[] = []
    const ofOtherAgents: VaultBody[] = []
    const system: VaultBody[] = []
    for (const id of visible(context, 'vault')) {
      const vault = context.unit.get(vaultKind, id)
      if (!vault) continue
      // Clients take the first vault as their default.
      const list = isSystemVault(vault) ? system : isOfOtherAgent(me, vault) ? ofOtherAgents : vaults
      list.push(vaultBody(vault))
    }
    return {
      vaults: [...vaults, ...ofOtherAgents, ...system].slice(offset, limit === undefined ? undefined : offset + limit),
    }
  },
})
