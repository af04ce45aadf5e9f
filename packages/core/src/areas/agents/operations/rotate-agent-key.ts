import * as z from 'zod'
import { second } from '../../../kernel/time.ts'
import { type Context, cascadeAndWait, fields, operation } from '../../../operations/index.ts'
import { apiKeyKind, keysOf } from '../../credentials/index.ts'
import { agentAt } from '../access.ts'
import { issueKey } from '../agent-key.ts'
import { agentHasNoKey, agentNotFound } from '../errors.ts'
import { type Agent, agentKind } from '../records.ts'

const overlapSecondsMax = 24 * 60 * 60

export const rotateAgentKey = operation({
  name: 'agents.rotateKey',
  summary:
    'Give an agent a new API key. The old key and all its tokens stop working at once, or after overlap_seconds.',
  http: { method: 'POST', path: '/v1/agents/{agent_id}/rotate-key', status: 200, id: 'rotateAgentKey', tag: 'Agents' },
  command: { flags: { overlap_seconds: 'overlap' } },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'agent.rotate_key',
    resource: 'agent',
    about: ({ agent_id, overlap_seconds }) => ({ id: agent_id, overlap_seconds }),
  },
  input: z.object({
    agent_id: fields.id(),
    overlap_seconds: fields
      .optional(fields.count(overlapSecondsMax))
      .describe('Seconds that the old key keeps working. Default: 0.'),
  }),
  output: z.object({ api_key: fields.shownSecret() }),
  reveals: ['api_key'],
  errors: [agentNotFound, agentHasNoKey],
  run: (context, { agent_id, overlap_seconds = 0 }) => {
    const before = context.unit.require(agentKind, agent_id, agentNotFound)
    if (before.authMethod !== 'api_key') throw agentHasNoKey()
    endKeys(context, before, overlap_seconds)
    const { agent, key } = issueKey(context, withoutPastEnd(before, context.now))
    // With an overlap, nothing must break meanwhile. So tokens stay valid as long as the key that they came from.
    context.unit.put(agentKind, overlap_seconds > 0 ? agent : { ...agent, epoch: agent.epoch + 1 })
    cascadeAndWait(context, 'rotated', 'agent', agent_id)
    return { api_key: key }
  },
})

/** Only the newest key can stay valid during an overlap. So an agent never has more than two keys. */
function endKeys({ unit, now }: Context, { id, apiKeyId }: Agent, overlapSeconds: number): void {
  for (const key of keysOf(unit, { kind: 'agent', id })) {
    if (overlapSeconds === 0 || key.id !== apiKeyId) unit.delete(apiKeyKind, key)
    else {
      const end = now + overlapSeconds * second
      unit.put(apiKeyKind, { ...key, expiresAt: Math.min(end, key.expiresAt ?? end) })
    }
  }
}

/** A new key that had expired already would be of no use. */
function withoutPastEnd(agent: Agent, now: number): Agent {
  const isPast = agent.apiKeyExpiresAt !== null && agent.apiKeyExpiresAt <= now
  return isPast ? { ...agent, apiKeyExpiresAt: null } : agent
}
