import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { microsPerUsd } from '../../kernel/usd.ts'
import { fields, type ModelPrices } from '../../operations/index.ts'
import { type Activity, activityActions, findingActions } from './activity.ts'
import { costOf, priceOf } from './prices.ts'
import type { RouterKey } from './router-keys.ts'

const words = () => z.array(z.string())

export const ActivityBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    agent_id: z.string(),
    provider: z.string(),
    model: z.string(),
    action: z.enum(activityActions).describe('allowed, warned or blocked.'),
    request_tokens: z.int(),
    response_tokens: z.int(),
    cost_usd: z
      .number()
      .optional()
      .describe(
        'Cost of the tokens at the current price. Absent if the model has no price or the request was blocked.',
      ),
    latency_ms: z.int(),
    had_secrets_redacted: z.boolean(),
    had_pii_detected: z.boolean(),
    injection_score: z.number(),
    policy_violations: words(),
    response_injection_score: z.number(),
    response_context_injection_score: z.number(),
    response_injection_categories: words(),
    external_urls_flagged: words(),
    unexpected_code_blocks: z.int(),
    content_filtered: z.boolean(),
    metadata: fields.shownObject(),
    timestamp: fields.shownTime(),
  })
  .meta({ id: 'ShroudActivityEvent' })

export type ActivityBody = z.infer<typeof ActivityBody>

export function activityBody(org: string, activity: Activity, prices: ModelPrices): ActivityBody {
  return {
    id: activity.id,
    org_id: org,
    agent_id: activity.agentId,
    provider: activity.provider,
    model: activity.model,
    action: activity.action,
    request_tokens: activity.requestTokens,
    response_tokens: activity.responseTokens,
    cost_usd: costUsd(activity, prices),
    latency_ms: activity.latencyMs,
    had_secrets_redacted: activity.hadSecretsRedacted,
    had_pii_detected: activity.hadPiiDetected,
    injection_score: activity.injectionScore,
    policy_violations: [...activity.policyViolations],
    response_injection_score: activity.responseInjectionScore,
    response_context_injection_score: activity.responseContextInjectionScore,
    response_injection_categories: [...activity.responseInjectionCategories],
    external_urls_flagged: [...activity.externalUrlsFlagged],
    unexpected_code_blocks: activity.unexpectedCodeBlocks,
    content_filtered: activity.contentFiltered,
    metadata: activity.metadata,
    timestamp: rfc3339(activity.createdAt),
  }
}

function costUsd({ action, model, requestTokens, responseTokens }: Activity, prices: ModelPrices): number | undefined {
  const price = action === 'blocked' ? null : priceOf(prices, model)
  return price ? costOf(price, requestTokens, responseTokens) / microsPerUsd : undefined
}

const DetectorStats = z
  .object({
    detector: z.string(),
    detections: z.int(),
    blocks: z.int(),
    actions: z.object({ blocked: z.int(), warned: z.int(), logged: z.int() }),
  })
  .meta({ id: 'ShroudDetectorStats' })

const FlaggedBody = z
  .object({
    id: z.string(),
    timestamp: fields.shownTime(),
    agent_id: z.string(),
    agent_name: z.string().describe('Empty if the agent is deleted.'),
    score: z.number(),
    reason: z.string(),
    action: z.enum(findingActions),
  })
  .meta({ id: 'ShroudFlaggedRequest' })

export const ThreatSummary = z
  .object({
    total_requests: z.int(),
    total_requests_prev: z.int().describe('Requests in the window of the same length before this one.'),
    blocked_requests: z.int(),
    detectors_triggered: z.int().describe('Number of detectors that found something.'),
    active_agents: z.int(),
    detectors: z.array(DetectorStats),
    flagged_requests: z.array(FlaggedBody),
  })
  .meta({ id: 'ShroudThreatSummary' })

export type ThreatSummary = z.infer<typeof ThreatSummary>

export const RouterKeyBody = z
  .object({
    id: fields.id(),
    agent_id: fields.id(),
    name: z.string(),
    key_prefix: z.string(),
    provider: z.string().optional(),
    spend_cap_usd: z.number().optional(),
    max_concurrent_streams: z.int().optional(),
    spent_usd: z.number(),
    expires_at: fields.shownTime().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'RouterKey' })

export type RouterKeyBody = z.infer<typeof RouterKeyBody>

export function routerKeyBody(key: RouterKey, spentMicros: number): RouterKeyBody {
  return {
    id: key.id,
    agent_id: key.agentId,
    name: key.name,
    key_prefix: key.prefix,
    provider: key.provider ?? undefined,
    spend_cap_usd: key.spendMicrosMax === null ? undefined : key.spendMicrosMax / microsPerUsd,
    max_concurrent_streams: key.streamsMax ?? undefined,
    spent_usd: spentMicros / microsPerUsd,
    expires_at: key.expiresAt === null ? undefined : rfc3339(key.expiresAt),
    created_at: rfc3339(key.createdAt),
  }
}

/** The name of a provider, as `PAWL_MODEL_<PROVIDER>` names it in lowercase. */
export function providerField() {
  return z.string('must be a string').regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be the name of a provider, such as openai')
}

/** At most a million, which has an exact number of millionths. */
export function usdField() {
  return z.number('must be a number').min(0, 'must not be negative').max(1_000_000, 'must be at most 1000000')
}
