import * as z from 'zod'
import { confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { ledgerOf } from '../facts.ts'
import { FreezeBody, freezeBody } from '../freeze.ts'
import { ledgerKind } from '../records.ts'

export const unfreezeAgent = operation({
  name: 'guardrails.unfreeze',
  summary: 'Let a frozen agent sign again, within its limits.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/unfreeze',
    status: 200,
    id: 'unfreezeAgent',
    tag: 'Agents',
    headers: confirmHeader,
  },
  command: { name: 'agent unfreeze' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'agent.unfreeze', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  confirms: { purpose: 'agent.unfreeze' },
  input: z.object({ agent_id: fields.id(), auth_confirm: confirmField() }),
  output: FreezeBody,
  errors: [agentNotFound],
  run: (context, { agent_id }) => {
    const ledger = ledgerOf(context, agent_id)
    if (ledger.frozen) context.unit.put(ledgerKind, { ...ledger, frozen: null })
    return freezeBody(null)
  },
})
