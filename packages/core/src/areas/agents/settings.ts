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
  return z
    .string(problem)
    .regex(/^[a-z0-9][a-z0-9-]{0,28}[a-z0-9]$/, problem)
    .describe('Such as production.')
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
  shroud_enabled: flag().describe('Talks to models through the redacting proxy.'),
  tx_known_tokens_only: flag().describe('Moves no token that is not known.'),
  execution_intents_enabled: flag().describe('May call services through its bindings.'),
  intents_require_tee: flag().describe('Signs only in a trusted execution environment.'),
  execution_require_tee: flag().describe('Calls services only from a trusted execution environment.'),
  cards_enabled: flag().describe('May order cards.'),
  card_reveal_enabled: flag().describe('May see the number of a card.'),
  card_require_approval: flag().describe('A human approves each order; on, unless told.'),
  environment_locked: flag().describe('Stays in its environment.'),
  env_auto_resolve: flag().describe('Need not name its environment when it asks for values.'),
  federation_enabled: flag().describe('May get tokens that others know it by.'),
  message_signing_enabled: flag().describe('May sign messages.'),
  raw_signing_enabled: flag().describe('May sign digests, of which nobody can tell what they stand for.'),
}

/** What null clears. */
export const values = {
  tx_to_allowlist: words().describe('Addresses that it may send to; with none, to any.'),
  tx_allowed_chains: words().describe('Chains that it may use; with none, any.'),
  tx_token_allowlist: words().describe('Tokens that it may move; with none, any.'),
  xrpl_allowed_tx_types: words().describe('What it may do on the XRP Ledger, such as Payment.'),
  solana_ata_allowlist: words().describe('Wallets on Solana that it may make token accounts for; with none, any.'),
  tx_max_value: decimal().describe('Most that one transaction may move, in the unit of its chain.'),
  tx_daily_limit: decimal().describe('Most that all transactions of a day may move.'),
  tx_max_per_day: fields.count().describe('How many transactions it may make in a day.'),
  tx_overhead_budget: z
    .record(chainName(), decimal(), 'must map chains to decimal texts')
    .describe('What fees and rents may cost in a day, by chain.'),
  per_chain_guardrails: z
    .record(chainName(), guardrails(), 'must map chains to guardrails')
    .describe('Limits for one chain, by its name; the strictest counts.'),
  per_environment_guardrails: z
    .record(environmentField(), guardrails(), 'must map environments to guardrails')
    .describe('Limits for one environment, by its name; the strictest counts.'),
  shroud_config: fields.freeObject().describe('How the redacting proxy treats it.'),
  execution_guardrails: fields
    .freeObject()
    .describe('Limits of all its calls, as those of a binding, and allowed_binding_types.'),
  card_max_order_usd: decimal().describe('Most that one card may be worth.'),
  card_daily_limit_usd: decimal().describe('Most that it may order in a day.'),
  card_payto_allowlist: words().describe('Addresses that orders may be paid to; with none, any.'),
  federation_audiences: z
    .array(uri(), 'must be a list')
    .max(100, 'must have at most 100 entries')
    .describe('Whom such tokens may be for; with none, nobody.'),
  federated_token_ttl_seconds: fields.count(3_600, 60).describe('Seconds that such tokens live.'),
  eip712_domain_allowlist: z
    .array(z.union([word(), fields.freeObject(2_048)], 'must be a domain'), 'must be a list')
    .max(listMax, `must have at most ${listMax} entries`)
    .describe('Domains of typed data that it may sign.'),
  eip712_default_policy: z
    .enum(['deny', 'allow'], 'must be deny or allow')
    .describe('What becomes of typed data of other domains; deny, unless told.'),
}

/** How an agent without an API key proves who it is. Said when it is made, and never changed. */
export const identities = {
  client_cert_fingerprint: word().describe('Of the certificate that it shows.'),
  oidc_issuer: uri().describe('Who says who it is.'),
  oidc_client_id: word().describe('What that one calls it.'),
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
