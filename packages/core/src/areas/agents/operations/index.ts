import { batchDeleteAgents } from './batch-delete-agents.ts'
import { createAgent } from './create-agent.ts'
import { deleteAgent } from './delete-agent.ts'
import { getAgent } from './get-agent.ts'
import { getAgentKeysVault } from './get-agent-keys-vault.ts'
import { getAgentSelf } from './get-agent-self.ts'
import { listAgents } from './list-agents.ts'
import { rotateAgentKey } from './rotate-agent-key.ts'
import { rotateIdentityKeys } from './rotate-identity-keys.ts'
import { updateAgent } from './update-agent.ts'

export const agentOperations = {
  create: createAgent,
  list: listAgents,
  me: getAgentSelf,
  get: getAgent,
  update: updateAgent,
  delete: deleteAgent,
  rotateKey: rotateAgentKey,
  rotateIdentityKeys,
  agentKeysVault: getAgentKeysVault,
  batchDelete: batchDeleteAgents,
}
