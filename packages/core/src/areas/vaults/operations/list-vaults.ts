import * as z from 'zod'
import { type Context, isAdmin, operation, signedIn } from '../../../operations/index.ts'
import { isBoundElsewhere, opens, policyKind, seenByPolicyEngine } from '../../policies/index.ts'
import { type Vault, vaultKind } from '../records.ts'
import { VaultBody, vaultBody } from '../schemas.ts'

export const listVaults = operation({
  name: 'vaults.list',
  summary: 'List the vaults that are the caller’s own or open to them.',
  http: { method: 'GET', path: '/v1/vaults', status: 200, id: 'listVaults', tag: 'Vaults' },
  tools: [{ name: 'list_vaults', summary: 'List the vaults that are open to you.' }],
  command: { columns: ['name', 'id', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'vault.list', resource: 'vault' },
  input: z.object({}),
  output: z.object({ vaults: z.array(VaultBody) }),
  errors: [],
  run: async (context) => ({
    vaults: (await seenByPolicyEngine(context, await visibleVaults(context))).map(vaultBody),
  }),
})

async function visibleVaults(context: Context): Promise<Vault[]> {
  const { unit, now } = context
  const caller = signedIn(context)
  if (isAdmin(caller)) return unit.list(vaultKind, 'created')
  const found = new Map<string, Vault>()
  for (const vault of await unit.list(vaultKind, 'creator', caller.kind, caller.id)) found.set(vault.id, vault)
  for (const policy of await unit.list(policyKind, 'principal', caller.kind, caller.id)) {
    if (!opens(policy, now) || found.has(policy.vaultId)) continue
    const vault = await unit.get(vaultKind, policy.vaultId)
    if (vault && !isBoundElsewhere(caller, vault)) found.set(vault.id, vault)
  }
  return [...found.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
}
