import * as z from 'zod'
import { uuid } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import { type AgentCaller, type Context, fields, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { agentKind } from '../../agents/index.ts'
import { policyKind } from '../../policies/index.ts'
import { vaultNameTaken } from '../errors.ts'
import { newVault } from '../new-vault.ts'
import { systemPrefix, type Vault } from '../records.ts'
import { VaultBody, vaultBody } from '../schemas.ts'

export const createVault = operation({
  name: 'vaults.create',
  summary: 'Make a vault. Who makes it owns it.',
  http: { method: 'POST', path: '/v1/vaults', status: 201, id: 'createVault', tag: 'Vaults' },
  tools: [{ name: 'create_vault', summary: 'Make a vault of your own. Look at list_vaults first.' }],
  command: { positionals: ['name'], flags: { description: 'description d' } },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'vault.create', resource: 'vault', about: ({ name }, vault) => ({ id: vault?.id, name }) },
  input: z.object({
    name: fields
      .name()
      .refine((name) => !name.startsWith(systemPrefix), `must not begin with ${systemPrefix}, which is reserved`),
    description: fields.optional(fields.text(limits.descriptionCharactersMax)).describe('What it is for.'),
  }),
  output: VaultBody,
  errors: [vaultNameTaken],
  run: async (context, { name, description = '' }) => {
    const caller = signedIn(context)
    const vault = await newVault(context, { name, description, createdBy: principalOf(caller) })
    if (caller.kind === 'agent') await letInHuman(context, caller, vault)
    return vaultBody(vault)
  },
})

/** The human who made an agent gets to see, and to use, what the agent made. */
async function letInHuman({ engine, unit, now }: Context, caller: AgentCaller, { id: vaultId }: Vault): Promise<void> {
  const agent = await unit.get(agentKind, caller.id)
  if (agent?.createdBy.kind !== 'user') return
  unit.put(policyKind, {
    id: uuid(engine.random),
    vaultId,
    pattern: '**',
    principal: agent.createdBy,
    permissions: ['read', 'write', 'delete'],
    effect: 'allow',
    priority: 0,
    conditions: {},
    expiresAt: null,
    createdBy: principalOf(caller),
    createdAt: now,
  })
}
