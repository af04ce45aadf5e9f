import * as z from 'zod'
import { limits } from '../../../kernel/limits.ts'
import { created, fields, operation, principalOf, signedIn, tool } from '../../../operations/index.ts'
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
  errors: [vaultNameTaken, custodyNotConfigured],
  run: (context, { name, description = '', mpc_custody: custody }) => {
    const createdBy = principalOf(signedIn(context))
    const isSplit = custody === undefined ? {} : splitCustody(custody)
    const vault = newVault(context, { name, description, createdBy, ...isSplit })
    created(context, 'vault', vault.id)
    return vaultBody(vault)
  },
})
