// What organisations can use, and what more of it costs. The operator configures it.

/** What a tier can limit. Requests and signatures are counted per month (UTC). */
export const limitedThings = ['requests', 'vaults', 'secrets', 'agents', 'members', 'shares', 'signatures'] as const
export type LimitedThing = (typeof limitedThings)[number]

/** The features that a tier can exclude. An operation names its feature. */
export const features = ['cmek', 'key_stores', 'platform_apps'] as const
export type Feature = (typeof features)[number]

/** What the organisations of a tier can use, and what more of it costs. */
export interface Tier {
  /** Things without a limit here are unlimited. */
  readonly limits?: Readonly<Partial<Record<LimitedThing, number>>>
  /** Default: all. */
  readonly features?: readonly Feature[]
  /** US dollars for one request over the limit, such as `0.001`. Default: such a request is refused. */
  readonly request_usd?: string
  /** Percentage of the value of a transaction, for each signature over the limit, such as `0.25`. Default: refused. */
  readonly signature_percent?: string
  /** IDs of the prices at the payment provider, by interval. Default: the tier is not for sale. */
  readonly prices?: Readonly<Partial<Record<'monthly' | 'yearly', string>>>
}

/** The tiers of a server. */
export interface Tiers {
  /** The tier of an organisation that has no other. */
  readonly default: string
  readonly tiers: Readonly<Record<string, Tier>>
  /** The ID of the price of model tokens at the payment provider. Default: they are not for sale. */
  readonly model_tokens_price?: string
}

/** The values for the headers of an answer (§2.5). */
export interface UsageShown {
  readonly used: number
  readonly limit: number
  readonly creditCents: number
  /** Whether credits end within 30 days. */
  readonly creditsExpireSoon: boolean
  readonly overageMethod: string
}
