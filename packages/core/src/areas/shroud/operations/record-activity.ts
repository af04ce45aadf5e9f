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

const flag = (meaning: string) =>
  z.boolean('must be true or false').default(false).describe(`${meaning} Default: false.`)

export const recordActivityOperation = operation({
  name: 'shroud.recordActivity',
  summary: 'Record one request to a model that another proxy has let pass or blocked. Shroud records its own requests.',
  http: { method: 'POST', path: '/v1/shroud/activity', status: 201, id: 'recordShroudActivity', tag: 'Shroud' },
  command: { name: 'shroud record' },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentAt(agent_id) },
  audit: { action: 'shroud.record', resource: 'agent', about: ({ agent_id, action }) => ({ id: agent_id, action }) },
  input: z.object({
    agent_id: fields.id().describe('Agent that sent the request.'),
    provider: fields.optional(fields.plainText(textMax)).describe('Provider of the model, such as openai.'),
    model: fields.optional(fields.plainText(textMax)).describe('Name of the model.'),
    action: z.enum(activityActions, `must be one of ${activityActions.join(', ')}`),
    request_tokens: count().describe('Tokens of the request. Default: 0.'),
    response_tokens: count().describe('Tokens of the answer. Default: 0.'),
    latency_ms: count().describe('Time to the end of the answer, in milliseconds. Default: 0.'),
    had_secrets_redacted: flag('Whether secrets were redacted.'),
    had_pii_detected: flag('Whether personal data was found.'),
    injection_score: score().default(0).describe('Score of a prompt injection, from 0 to 1. Default: 0.'),
    policy_violations: texts().default([]).describe('Names of the rules that the request broke.'),
    metadata: fields.optional(fields.freeObject()).describe('Facts of your own. No secrets.'),
    response_injection_score: score().default(0).describe('The same score for the answer. Default: 0.'),
    response_context_injection_score: score()
      .default(0)
      .describe('Score of a context injection in the answer. Default: 0.'),
    response_injection_categories: texts().default([]).describe('Kinds of injections in the answer.'),
    external_urls_flagged: texts().default([]).describe('Suspicious URLs in the answer.'),
    unexpected_code_blocks: count().describe('Number of unexpected code blocks in the answer. Default: 0.'),
    content_filtered: flag('Whether the answer was changed or blocked.'),
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
    return activityBody(signedIn(context).org, activity, context.settings.modelPrices)
  },
})
