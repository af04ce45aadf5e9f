import * as z from 'zod'
import { fields } from '../../operations/index.ts'

// The settings of an agent that this area keeps and gives back, and other areas give a meaning to. Amounts are decimal
// texts, never numbers, so that no float ever rounds a limit; a limit that cannot be read is refused, never ignored.

const listMax = 1_000

/** An amount in major units: digits, and a fraction if need be. No sign, no exponent, no leading zero. */
const decimal = () =>
  z
    .string('must be a decimal number as a text, such as "0.5"')
    .regex(/^(?:0|[1-9]\d{0,77})(?:\.\d{1,36})?$/, 'must be a decimal number as a text, such as "0.5"')

const flag = () => z.boolean('must be true or false')
const word = (max = 256) => fields.text(max, 1).regex(/^\P{Cc}*$/u, 'must not have control characters')
const words = (max = 256) => z.array(word(max), 'must be a list').max(listMax, `must have at most ${listMax} entries`)
const chainName = () => z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be the name of a chain')
const uri = () => word(2_048).regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'must be an absolute URI')

export function environmentField() {
  const problem = 'must be 2 to 30 lowercase letters, digits and hyphens, such as production'
  return z.string(problem).regex(/^[a-z0-9][a-z0-9-]{0,28}[a-z0-9]$/, problem)
}

/** Limits for one chain, or one environment. A member that is not known here is refused: it may be a limit, misspelt. */
const guardrails = () =>
  z.strictObject(
    {
      max_value: decimal().nullish(),
      daily_limit: decimal().nullish(),
      max_value_eth: decimal().nullish(),
      daily_limit_eth: decimal().nullish(),
      to_allowlist: words().nullish(),
      token_allowlist: words().nullish(),
      max_per_day: fields.count().nullish(),
      overhead_budget: decimal().nullish(),
      max_ata_creates_per_day: fields.count().nullish(),
    },
    'must be an object of max_value, daily_limit, to_allowlist, token_allowlist, max_per_day, overhead_budget, max_ata_creates_per_day',
  )

/** On or off. Never null: a switch that guards something must not be turned by leaving a value out. */
export const switches = {
  shroud_enabled: flag(),
  tx_known_tokens_only: flag(),
  execution_intents_enabled: flag(),
  intents_require_tee: flag(),
  execution_require_tee: flag(),
  cards_enabled: flag(),
  card_reveal_enabled: flag(),
  card_require_approval: flag(),
  environment_locked: flag(),
  env_auto_resolve: flag(),
  federation_enabled: flag(),
  message_signing_enabled: flag(),
  raw_signing_enabled: flag(),
}

/** What null clears. */
export const values = {
  tx_to_allowlist: words(),
  tx_allowed_chains: words(),
  tx_token_allowlist: words(),
  xrpl_allowed_tx_types: words(),
  solana_ata_allowlist: words(),
  tx_max_value: decimal(),
  tx_daily_limit: decimal(),
  tx_max_per_day: fields.count(),
  tx_overhead_budget: z.record(chainName(), decimal(), 'must map chains to decimal texts'),
  per_chain_guardrails: z.record(chainName(), guardrails(), 'must map chains to guardrails'),
  per_environment_guardrails: z.record(environmentField(), guardrails(), 'must map environments to guardrails'),
  shroud_config: fields.freeObject(),
  execution_guardrails: fields.freeObject(),
  card_max_order_usd: decimal(),
  card_daily_limit_usd: decimal(),
  card_payto_allowlist: words(),
  federation_audiences: z.array(uri(), 'must be a list').max(100, 'must have at most 100 entries'),
  federated_token_ttl_seconds: fields.count(3_600, 60),
  eip712_domain_allowlist: z
    .array(z.union([word(), fields.freeObject(2_048)], 'must be a domain'), 'must be a list')
    .max(listMax, `must have at most ${listMax} entries`),
  eip712_default_policy: z.enum(['deny', 'allow'], 'must be deny or allow'),
}

/** How an agent without an API key proves who it is. Said when it is made, and never changed. */
export const identities = {
  client_cert_fingerprint: word(),
  oidc_issuer: uri(),
  oidc_client_id: word(),
}

const all = { ...switches, ...values, ...identities }
type All = typeof all
type SettingName = keyof All

export type AgentSettings = { readonly [Name in SettingName]?: z.output<All[Name]> | undefined }

/** What was asked for: left out is as it was, null is the default. */
export type WantedSettings = { readonly [Name in SettingName]?: z.output<All[Name]> | null | undefined }

/** The settings when they are shown. They were checked when they came in. */
export const shownSettings = {
  ...switches,
  ...values,
  ...identities,
  shroud_config: fields.shownObject(),
  execution_guardrails: fields.shownObject(),
  eip712_domain_allowlist: z.array(z.union([z.string(), fields.shownObject()])),
}

const settingNames = Object.keys(all) as SettingName[]
const defaults: AgentSettings = { card_require_approval: true, eip712_default_policy: 'deny' }

/** Only what was named changes; and what is at its default is not kept. */
export function changedSettings(before: AgentSettings, wanted: WantedSettings): AgentSettings {
  const changed: Record<string, unknown> = { ...before }
  for (const name of settingNames) {
    const value = wanted[name]
    if (value === undefined) continue
    if (value === null || isDefault(name, value)) delete changed[name]
    else changed[name] = value
  }
  return changed
}

function isDefault(name: SettingName, value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === (defaults[name] ?? false)
}
