import * as z from 'zod'
import { operation, visible } from '../../../operations/index.ts'
import { vaultKind } from '../records.ts'
import { VaultBody, vaultBody } from '../schemas.ts'

export const listVaults = operation({
  name: 'vaults.list',
  summary: 'List the vaults that the caller owns or can access.',
  http: { method: 'GET', path: '/v1/vaults', status: 200, id: 'listVaults', tag: 'Vaults' },
  tools: [{ name: 'list_vaults', summary: 'List the vaults that you can access.' }],
  command: { columns: ['name', 'id', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'vault.list', resource: 'vault' },
  input: z.object({}),
  output: z.object({ vaults: z.array(VaultBody) }),
  errors: [],
  run: (context) => {
    const vaults: VaultBody[] = []
    for (const id of visible(context, 'vault')) {
      const vault = context.unit.get(vaultKind, id)
      if (vault) vaults.push(vaultBody(vault))
    }
    return { vaults }
  },
})
