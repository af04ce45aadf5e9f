import * as z from 'zod'
import { features, limitedThings, type Tiers } from '../../operations/index.ts'

/** The tiers of the hosted service (seeds 001 and 002), with what the others cost there. */
export const tierPreset: Tiers = {
  default: 'free',
  tiers: {
    free: {
      limits: { requests: 1_000, vaults: 3, secrets: 50, agents: 2 },
      features: [],
      request_usd: '0.001',
    },
    pro: {
      limits: { requests: 25_000, vaults: 25, secrets: 500, agents: 10 },
      features: ['platform_apps'],
      request_usd: '0.0008',
    },
    business: {
      limits: { requests: 100_000, vaults: 100, secrets: 5_000, agents: 50 },
      features: ['cmek', 'platform_apps'],
      request_usd: '0.0006',
    },
    enterprise: {},
  },
}

const amount = () => z.string().regex(/^(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/, 'must be a decimal number in a string')

const Tier = z.strictObject({
  limits: z
    .partialRecord(
      z.enum(limitedThings),
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .optional(),
  features: z.array(z.enum(features)).optional(),
  request_usd: amount().optional(),
  signature_percent: amount().optional(),
  prices: z.partialRecord(z.enum(['monthly', 'yearly']), z.string().min(1)).optional(),
})

const Config = z
  .strictObject({
    default: z.string(),
    tiers: z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/), Tier),
    model_tokens_price: z.string().min(1).optional(),
  })
  .refine((given) => Object.hasOwn(given.tiers, given.default), {
    path: ['default'],
    message: 'must be one of the tiers',
  })

/** What is wrong with a configuration of tiers, or null. */
export function tiersProblem(given: unknown): string | null {
  const { error } = Config.safeParse(given)
  const [issue] = error?.issues ?? []
  return issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : null
}
