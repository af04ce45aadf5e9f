import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { bankrLeaseKind } from '../records.ts'

export const listBankrKeys = operation({
  name: 'bankr.list',
  summary: 'List the leases of an agent that have not ended, without their keys.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/bankr-keys',
    status: 200,
    id: 'listBankrKeys',
    tag: 'Bankr Keys',
  },
  command: { name: 'bankr list', columns: ['id', 'wallet_id', 'expires_at'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'bankr_key.list', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({ agent_id: agentOrMe() }),
  output: z.object({
    leases: z.array(
      z.object({
        id: fields.id(),
        wallet_id: z.string(),
        bankr_key_id: z.string().optional().describe('Absent: Bankr has not answered yet.'),
        permissions: z.object({
          llm_gateway_enabled: z.boolean(),
          agent_api_enabled: z.boolean(),
          read_only: z.boolean(),
        }),
        expires_at: fields.shownTime(),
        created_at: fields.shownTime(),
      }),
    ),
  }),
  errors: [agentNotFound],
  run: (context, { agent_id }) => {
    const { unit, now } = context
    const all = unit.list(bankrLeaseKind, 'agent', idOf(context, agent_id))
    return {
      leases: all
        .filter(({ endsAt }) => endsAt > now)
        .map(({ id, walletId, keyId, permissions, endsAt, createdAt }) => ({
          ...{ id, wallet_id: walletId, ...(keyId !== null && { bankr_key_id: keyId }) },
          permissions: {
            llm_gateway_enabled: permissions.llmGateway,
            agent_api_enabled: permissions.agentApi,
            read_only: permissions.readOnly,
          },
          ...{ expires_at: rfc3339(endsAt), created_at: rfc3339(createdAt) },
        })),
    }
  },
})
