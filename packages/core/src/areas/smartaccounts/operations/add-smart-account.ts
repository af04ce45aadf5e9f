import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import {
  AgentBody,
  agentAt,
  agentBodies,
  agentBody,
  agentKind,
  agentNotFound,
  agentSchema,
} from '../../agents/index.ts'
import { placeFields, placeOf, putAccount } from '../place.ts'
import { smartAccountKind } from '../records.ts'
import { SmartAccountBody, smartAccountBody } from '../schemas.ts'

/** Published clients read the account from the answer, and the contract has the agent there. */
const { chain, chain_id, safe_address } = SmartAccountBody.shape
const account = { smart_accounts: z.array(SmartAccountBody), chain, chain_id, safe_address }

export const addSmartAccount = operation({
  name: 'smartaccounts.add',
  summary: 'Tell Pawl the Safe of an agent on a chain, in the place of an earlier one. Nothing is asked of the chain.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/smart-accounts',
    status: 200,
    id: 'addAgentSmartAccount',
    tag: 'Agents',
  },
  command: { name: 'smart-account add', positionals: ['agent_id', 'chain', 'safe_address'] },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'smart_account.add',
    resource: 'agent',
    about: ({ agent_id, chain, safe_address }) => ({ id: agent_id, chain, safe_address }),
  },
  input: z.object({
    agent_id: fields.id(),
    ...placeFields,
    nonce: fields
      .optional(fields.text(80).regex(/^\d+$/, 'must be digits'))
      .describe('Nonce of the deployment, kept as it is.'),
    init_data: fields.optional(fields.freeObject()).describe('Data of the deployment, kept as it is.'),
  }),
  output: AgentBody.extend(account),
  joined: (areas) => ({ output: agentSchema(areas).extend(account) }),
  errors: [agentNotFound],
  run: (context, { agent_id, nonce = null, init_data = null, ...given }) => {
    const agent = context.unit.require(agentKind, agent_id, agentNotFound)
    const { chain, safeAddress } = placeOf(context, given)
    const others = context.unit
      .list(smartAccountKind, 'agent', agent_id)
      .filter((one) => one.chainId !== given.chain_id)
    const added = putAccount(context, {
      ...{ agentId: agent_id, chain: chain.name, chainId: given.chain_id, safeAddress },
      ...{ nonce, initData: init_data },
    })
    const [body = agentBody(agent)] = agentBodies(context, [agent])
    return {
      ...body,
      smart_accounts: [...others, added].map(smartAccountBody),
      ...{ chain: added.chain, chain_id: added.chainId, safe_address: added.safeAddress },
    }
  },
})
