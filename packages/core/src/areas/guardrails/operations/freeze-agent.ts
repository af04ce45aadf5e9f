import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { ledgerOf } from '../facts.ts'
import { FreezeBody, freezeBody, frozenNow, reasonField } from '../freeze.ts'
import { ledgerKind } from '../records.ts'

export const freezeAgent = operation({
  name: 'guardrails.freeze',
  summary: 'Stop all signing of an agent, at once and on every server. Its other rights stay.',
  http: { method: 'POST', path: '/v1/agents/{agent_id}/freeze', status: 200, id: 'freezeAgent', tag: 'Agents' },
  command: { name: 'agent freeze' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'agent.freeze', resource: 'agent', about: ({ agent_id, reason }) => ({ id: agent_id, reason }) },
  input: z.object({ agent_id: fields.id(), reason: reasonField() }),
  output: FreezeBody,
  errors: [agentNotFound],
  run: (context, { agent_id, reason }) => {
    const ledger = ledgerOf(context, agent_id)
    // A signature that was decided a moment ago takes its budget from this record, so it is decided again.
    const frozen = ledger.frozen ?? frozenNow(context, reason)
    context.unit.put(ledgerKind, { ...ledger, frozen })
    return freezeBody(frozen)
  },
})
