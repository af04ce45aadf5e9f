import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { changedSettings, fields, operation } from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { guardrailsAgentSettings } from '../agent-settings.ts'
import { decisionKind } from '../records.ts'
import { type Replayed, replay } from '../replay.ts'

const shownMax = 100

/** Each setting as PATCH of an agent takes it. What is not given stays as it is. */
const proposed = () =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(guardrailsAgentSettings).map(([name, { schema, isClearable }]) => [
        name,
        isClearable ? schema.nullish() : schema.optional(),
      ]),
    ),
    'must have the fields of an agent that are limits',
  )

const ChangedDecision = z.object({
  decided_at: fields.shownTime(),
  chain: z.string(),
  type: z.string(),
  outcome: z.enum(['signed', 'logged', 'refused', 'awaiting']).describe('What happened.'),
  rule: z.string().optional().describe('The rule that would refuse, or has refused.'),
  reason: z.string().optional().describe('Why the proposed limits would refuse.'),
})

export const replayDecisions = operation({
  name: 'guardrails.replay',
  summary: 'Try other limits on what an agent has asked for: what would have been refused, and what let through.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/guardrails/replay',
    status: 200,
    id: 'replayGuardrails',
    tag: 'Agents',
  },
  command: { name: 'agent replay', columns: ['decisions', 'would_refuse', 'would_allow'] },
  effect: 'read',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'agent.guardrail_replay', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({
    agent_id: fields.id(),
    guardrails: proposed().describe('The limits to try, as in an update of the agent. Default: the limits of now.'),
  }),
  output: z
    .object({
      decisions: z.int().describe('Number of decisions that were tried. The newest 1,000 are kept.'),
      since: fields.shownTime().optional(),
      would_refuse: z.int(),
      would_allow: z.int(),
      refused: z.array(ChangedDecision).describe('What was signed and would be refused. The newest 100.'),
      allowed: z.array(ChangedDecision).describe('What was refused and would be signed. The newest 100.'),
    })
    .meta({ id: 'GuardrailReplay' }),
  errors: [agentNotFound],
  run: (context, { agent_id, guardrails }) => {
    const agent = context.unit.require(agentKind, agent_id, agentNotFound)
    const settings = changedSettings(guardrailsAgentSettings, agent.settings, guardrails)
    const records = context.unit.list(decisionKind, 'agent', agent_id)
    const replayed = replay(context, { ...agent, settings }, records)
    const refused = replayed.filter((one) => wasSigned(one) && !isSigned(one))
    const allowed = replayed.filter((one) => !wasSigned(one) && isSigned(one))
    const [first] = replayed
    return {
      decisions: replayed.length,
      ...(first && { since: rfc3339(first.record.at) }),
      ...{ would_refuse: refused.length, would_allow: allowed.length },
      ...{ refused: newest(refused), allowed: newest(allowed) },
    }
  },
})

function wasSigned({ record }: Replayed): boolean {
  return record.outcome === 'signed' || record.outcome === 'logged'
}

function isSigned({ decision }: Replayed): boolean {
  return decision.outcome === 'allowed' || decision.outcome === 'logged'
}

function newest(replayed: readonly Replayed[]): z.infer<typeof ChangedDecision>[] {
  return replayed
    .slice(-shownMax)
    .toReversed()
    .map(({ record, decision: { violation } }) => ({
      ...{ decided_at: rfc3339(record.at), chain: record.chain, type: record.type, outcome: record.outcome },
      rule: violation?.rule ?? record.rule ?? undefined,
      reason: violation?.reason,
    }))
}
