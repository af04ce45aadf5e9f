import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { agentAt } from '../access.ts'
import { keepIdentity } from '../agent-keys-vault.ts'
import { agentNotFound } from '../errors.ts'
import { newIdentity } from '../identity.ts'
import { agentKind } from '../records.ts'
import { AgentBody, agentBody, agentSchema } from '../schemas.ts'

export const rotateIdentityKeys = operation({
  name: 'agents.rotateIdentityKeys',
  summary: 'Give an agent new SSH and ECDH keys. The old private keys stay as older versions of their secrets.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/rotate-identity-keys',
    status: 200,
    id: 'rotateAgentIdentityKeys',
    tag: 'Agents',
  },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'agent.rotate_identity_keys', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({ agent_id: fields.id() }),
  output: AgentBody,
  joined: (areas) => ({ output: agentSchema(areas) }),
  errors: [agentNotFound, vaultNotFound],
  run: (context, { agent_id }) => {
    const before = context.unit.require(agentKind, agent_id, agentNotFound)
    const identity = newIdentity(context)
    const agent = { ...before, sshPublicKey: identity.ssh.publicKey, ecdhPublicKey: identity.ecdh.publicKey }
    context.unit.put(agentKind, agent)
    keepIdentity(context, agent.id, identity)
    return agentBody(agent)
  },
})
