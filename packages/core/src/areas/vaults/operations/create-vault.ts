import * as z from 'zod'
import { limits } from '../../../kernel/limits.ts'
import { created, denied, fields, operation, principalOf, signedIn, tool } from '../../../operations/index.ts'
import { agentQuotaReached } from '../../orgs/index.ts'
import { takeVault } from '../agent-quota.ts'
import { splitCustody } from '../custody.ts'
import { custodyNotConfigured, vaultNameTaken } from '../errors.ts'
import { newVault } from '../new-vault.ts'
import { systemPrefix } from '../records.ts'
import { custodyField, VaultBody, vaultBody } from '../schemas.ts'

const described = {
  name: fields
    .name()
    .refine((name) => !name.startsWith(systemPrefix), `must not begin with ${systemPrefix}, which is reserved`),
  description: fields.optional(fields.text(limits.descriptionCharactersMax)).describe('Purpose, in your own words.'),
}

export const createVault = operation({
  name: 'vaults.create',
  summary: 'Create a vault. The caller becomes its owner.',
  http: { method: 'POST', path: '/v1/vaults', status: 201, id: 'createVault', tag: 'Vaults' },
  tools: [
    tool({
      name: 'create_vault',
      summary: 'Create a vault that you own. Call list_vaults first.',
      // Custody is for people: a model that loses a client share loses the value.
      input: z.object(described),
      call: (given) => given,
    }),
  ],
  command: { positionals: ['name'], flags: { description: 'description d' } },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'vault.create', resource: 'vault', about: ({ name }, vault) => ({ id: vault?.id, name }) },
  input: z.object({ ...described, mpc_custody: fields.optional(custodyField()) }),
  output: VaultBody,
  errors: [vaultNameTaken, custodyNotConfigured, agentQuotaReached, denied],
  run: (context, { name, description = '', mpc_custody: custody }) => {
    const caller = signedIn(context)
    if (caller.kind === 'agent' && caller.vaultIds.length > 0) {
      throw denied({ reason: 'The agent is limited to its vaults (vault_ids), so it cannot create others.' })
    }
    if (caller.kind === 'agent') takeVault(context, caller.id)
    const isSplit = custody === undefined ? {} : splitCustody(custody)
    const vault = newVault(context, { name, description, createdBy: principalOf(caller), ...isSplit })
    created(context, 'vault', vault.id)
    return vaultBody(vault)
  },
})
