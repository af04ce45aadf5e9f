import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { findAgentKeysVault } from '../agent-keys-vault.ts'
import { agentKeysVaultNotFound } from '../errors.ts'

export const getAgentKeysVault = operation({
  name: 'agents.agentKeysVault',
  summary: 'Get the vault that holds the private keys of agents. Only owners and admins can access this vault.',
  http: {
    method: 'GET',
    path: '/v1/org/agent-keys-vault',
    status: 200,
    id: 'getAgentKeysVault',
    tag: 'Organization',
  },
  command: { name: 'org agent-keys-vault' },
  metered: false,
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'agent.keys_vault', resource: 'vault', about: (_, found) => ({ id: found?.vault_id }) },
  input: z.object({}),
  output: z.object({ vault_id: fields.id() }),
  errors: [agentKeysVaultNotFound],
  run: ({ unit }) => {
    const vault = findAgentKeysVault(unit)
    if (!vault) throw agentKeysVaultNotFound()
    return { vault_id: vault.id }
  },
})
