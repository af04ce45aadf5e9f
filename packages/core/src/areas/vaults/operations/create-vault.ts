import * as z from 'zod'
import { limits } from '../../../kernel/limits.ts'
import { created, denied, fields, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { takeVault } from '../agent-quota.ts'
import { agentQuotaReached, vaultNameTaken } from '../errors.ts'
import { newVault } from '../new-vault.ts'
import { systemPrefix } from '../records.ts'
import { VaultBody, vaultBody } from '../schemas.ts'

export const createVault = operation({
  name: 'vaults.create',
  summary: 'Create a vault. The caller becomes its owner.',
  http: { method: 'POST', path: '/v1/vaults', status: 201, id: 'createVault', tag: 'Vaults' },
  tools: [{ name: 'create_vault', summary: 'Create a vault that you own. Call list_vaults first.' }],
  command: { positionals: ['name'], flags: { description: 'description d' } },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'vault.create', resource: 'vault', about: ({ name }, vault) => ({ id: vault?.id, name }) },
  input: z.object({
    name: fields
      .name()
      .refine((name) => !name.startsWith(systemPrefix), `must not begin with ${systemPrefix}, which is reserved`),
    description: fields.optional(fields.text(limits.descriptionCharactersMax)).describe('Purpose, in your own words.'),
  }),
  output: VaultBody,
  errors: [vaultNameTaken, agentQuotaReached, denied],
  run: (context, { name, description = '' }) => {
    const caller = signedIn(context)
    if (caller.kind === 'agent' && caller.vaultIds.length > 0) {
      throw denied({ reason: 'The agent is limited to its vaults (vault_ids), so it cannot create others.' })
    }
    if (caller.kind === 'agent') takeVault(context, caller.id)
    const vault = newVault(context, { name, description, createdBy: principalOf(caller) })
    created(context, 'vault', vault.id)
    return vaultBody(vault)
  },
})
