import * as z from 'zod'
import { fields } from '../../operations/index.ts'

// The settings of an agent that this area keeps and gives back, and other areas give a meaning to. Amounts are decimal
// texts, never numbers, so that no float ever rounds a limit; a limit that cannot be read is refused, never ignored.

const listMax = 1_000

/** An amount in major units: digits, and a fraction if need be. No sign, no exponent, no leading zero. */
const decimal = () =>
  z
    .string('must be a decimal number in a string, such as "0.5"')
    .regex(/^(?:0|[1-9]\d{0,77})(?:\.\d{1,36})?$/, 'must be a decimal number in a string, such as "0.5"')

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
    .describe('Name of an environment, such as production.')
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
    'must be an object with the fields max_value, daily_limit, to_allowlist, token_allowlist, max_per_day, overhead_budget and max_ata_creates_per_day',
  )

/** On or off. Never null: a switch that guards something must not be turned by leaving a value out. */
export const switches = {
  shroud_enabled: flag().describe('Whether the agent calls models through the redacting proxy.'),
  tx_known_tokens_only: flag().describe('Whether the agent may move only known tokens.'),
  execution_intents_enabled: flag().describe('Whether the agent may call services through its bindings.'),
  intents_require_tee: flag().describe('Whether the agent signs only in a trusted execution environment.'),
  execution_require_tee: flag().describe('Whether the agent calls services only from a trusted execution environment.'),
  cards_enabled: flag().describe('Whether the agent may order cards.'),
  card_reveal_enabled: flag().describe('Whether the agent may see the number of a card.'),
  card_require_approval: flag().describe('Whether a human must approve each card order. Default: true.'),
  environment_locked: flag().describe('Whether the environment of the agent is locked.'),
  env_auto_resolve: flag().describe('Whether the agent may read values without naming its environment.'),
  federation_enabled: flag().describe('Whether the agent may get tokens that identify it to other services.'),
  message_signing_enabled: flag().describe('Whether the agent may sign messages.'),
  raw_signing_enabled: flag().describe(
    'Whether the agent may sign bare digests. A digest does not show what is signed.',
  ),
}

/** What null clears. */
export const values = {
  tx_to_allowlist: words().describe('Addresses that the agent may send to. Default: any address.'),
  tx_allowed_chains: words().describe('Chains that the agent may use. Default: any chain.'),
  tx_token_allowlist: words().describe('Tokens that the agent may move. Default: any token.'),
  xrpl_allowed_tx_types: words().describe('XRP Ledger transaction types that the agent may sign, such as Payment.'),
  solana_ata_allowlist: words().describe(
    'Solana wallets that the agent may create token accounts for. Default: any wallet.',
  ),
  tx_max_value: decimal().describe('Maximum amount of one transaction, in the unit of its chain.'),
  tx_daily_limit: decimal().describe('Maximum amount of all transactions of one day, in the unit of the chain.'),
  tx_max_per_day: fields.count().describe('Maximum number of transactions per day.'),
  tx_overhead_budget: z
    .record(chainName(), decimal(), 'must map chains to decimal numbers in strings')
    .describe('Maximum cost of fees and rent per day, by chain.'),
  per_chain_guardrails: z
    .record(chainName(), guardrails(), 'must map chains to guardrails')
    .describe('Limits by chain name. The strictest limit applies.'),
  per_environment_guardrails: z
    .record(environmentField(), guardrails(), 'must map environments to guardrails')
    .describe('Limits by environment name. The strictest limit applies.'),
  shroud_config: fields.freeObject().describe('Settings of the redacting proxy for this agent.'),
  execution_guardrails: fields
    .freeObject()
    .describe('Limits for all calls of the agent: the guardrails of a binding, and allowed_binding_types.'),
  card_max_order_usd: decimal().describe('Maximum value of one card, in US dollars.'),
  card_daily_limit_usd: decimal().describe('Maximum value of all cards ordered in one day, in US dollars.'),
  card_payto_allowlist: words().describe('Addresses that card orders may be paid to. Default: any address.'),
  federation_audiences: z
    .array(uri(), 'must be a list')
    .max(100, 'must have at most 100 entries')
    .describe('Audiences that federated tokens may be issued for. Default: none.'),
  federated_token_ttl_seconds: fields.count(3_600, 60).describe('Lifetime of federated tokens, in seconds.'),
  eip712_domain_allowlist: z
    .array(z.union([word(), fields.freeObject(2_048)], 'must be a domain'), 'must be a list')
    .max(listMax, `must have at most ${listMax} entries`)
    .describe('EIP-712 domains whose typed data the agent may sign.'),
  eip712_default_policy: z
    .enum(['deny', 'allow'], 'must be deny or allow')
    .describe('Policy for EIP-712 domains that are not on the allowlist. Default: deny.'),
}

/** How an agent without an API key proves who it is. Said when it is made, and never changed. */
export const identities = {
  client_cert_fingerprint: word().describe('Fingerprint of the agent’s client certificate.'),
  oidc_issuer: uri().describe('OIDC issuer that identifies the agent.'),
  oidc_client_id: word().describe('Client ID of the agent at its OIDC issuer.'),
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
