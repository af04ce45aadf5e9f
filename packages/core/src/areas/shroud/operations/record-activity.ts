import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { activityActions, recordActivity } from '../activity.ts'
import { ActivityBody, activityBody } from '../schemas.ts'

const textMax = 256
const listMax = 64

const score = () => z.number('must be a number from 0 to 1').min(0, 'must be at least 0').max(1, 'must be at most 1')
const texts = () =>
  z.array(fields.plainText(textMax), 'must be a list').max(listMax, `must have at most ${listMax} entries`)
const count = () => fields.optional(fields.count()).pipe(z.int().default(0))

export const recordActivityOperation = operation({
  name: 'shroud.recordActivity',
  summary: 'Record one request to a model that another proxy has let pass or blocked. Shroud records its own requests.',
  http: { method: 'POST', path: '/v1/shroud/activity', status: 201, id: 'recordShroudActivity', tag: 'Shroud' },
  command: { name: 'shroud record' },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentAt(agent_id) },
  audit: { action: 'shroud.record', resource: 'agent', about: ({ agent_id, action }) => ({ id: agent_id, action }) },
  input: z.object({
    agent_id: fields.id(),
    provider: fields.optional(fields.plainText(textMax)),
    model: fields.optional(fields.plainText(textMax)),
    action: z.enum(activityActions, `must be one of ${activityActions.join(', ')}`),
    request_tokens: count(),
    response_tokens: count(),
    latency_ms: count(),
    had_secrets_redacted: z.boolean('must be true or false').default(false),
    had_pii_detected: z.boolean('must be true or false').default(false),
    injection_score: score().default(0),
    policy_violations: texts().default([]),
    metadata: fields.optional(fields.freeObject()),
    response_injection_score: score().default(0),
    response_context_injection_score: score().default(0),
    response_injection_categories: texts().default([]),
    external_urls_flagged: texts().default([]),
    unexpected_code_blocks: count(),
    content_filtered: z.boolean('must be true or false').default(false),
  }),
  output: ActivityBody,
  errors: [agentNotFound],
  run: (context, input) => {
    const { unit, now, newId } = context
    const activity = {
      id: newId(),
      agentId: input.agent_id,
      provider: input.provider ?? '',
      model: input.model ?? '',
      action: input.action,
      requestTokens: input.request_tokens,
      responseTokens: input.response_tokens,
      latencyMs: input.latency_ms,
      hadSecretsRedacted: input.had_secrets_redacted,
      hadPiiDetected: input.had_pii_detected,
      injectionScore: input.injection_score,
      policyViolations: input.policy_violations,
      responseInjectionScore: input.response_injection_score,
      responseContextInjectionScore: input.response_context_injection_score,
      responseInjectionCategories: input.response_injection_categories,
      externalUrlsFlagged: input.external_urls_flagged,
      unexpectedCodeBlocks: input.unexpected_code_blocks,
      contentFiltered: input.content_filtered,
      metadata: input.metadata ?? {},
      flagged: null,
      createdAt: now,
    }
    recordActivity(unit, activity, [])
    return activityBody(signedIn(context).org, activity)
  },
})
