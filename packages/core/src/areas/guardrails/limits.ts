import { type StoredSettings, settingsOf } from '../../operations/index.ts'
import type { ChainFamily } from '../../ports/chain.ts'
import { everywhere, guardrailsAgentSettings } from './agent-settings.ts'

/** The guardrails of an agent as they hold: stored values, else defaults. */
export type GuardrailSettings = ReturnType<typeof settingsOf<typeof guardrailsAgentSettings>>

/**
 * Limits that hold together. An agent has its own, and may have others for the chain and for its environment. All apply, so
 * the strictest wins.
 */
export interface Layer {
  /** What budgets are counted over: everything (an empty text), a family (`evm`) or a network (`evm/base`). */
  readonly within: string
  /** The setting, for people: `per_chain_guardrails.base`. */
  readonly setting: string
  readonly maxValue?: string | null | undefined
  readonly dailyLimit?: string | null | undefined
  readonly toAllowlist?: readonly string[] | null | undefined
  readonly tokenAllowlist?: readonly string[] | null | undefined
  readonly maxPerDay?: number | null | undefined
  readonly overheadBudget?: string | null | undefined
  readonly tokenAccountsPerDay?: number | null | undefined
  /** Addresses that get nothing, also if a list allows them. */
  readonly toDenylist?: readonly string[] | undefined
  readonly chains?: readonly string[] | null | undefined
  /** Transactions of the last 24 hours. Only ledgers with a `window` count them. */
  readonly maxIn24Hours?: number | null | undefined
}

/** What the contract calls the signing keys of a family. */
const keyNames: Readonly<Record<ChainFamily, string>> = {
  ...{ evm: 'ethereum', bitcoin: 'bitcoin', solana: 'solana', xrp: 'xrp', cardano: 'cardano', tron: 'tron' },
}

export function guardrailsOf(stored: StoredSettings): GuardrailSettings {
  const known = read.get(stored)
  if (known) return known
  const settings = settingsOf(guardrailsAgentSettings, stored)
  read.set(stored, settings)
  return settings
}

/** The settings of a record never change, so each signature of an agent reads the same ones. */
const read = new WeakMap<StoredSettings, GuardrailSettings>()

/** Every group of limits that holds for this chain and environment. */
export function layersFor(
  settings: GuardrailSettings,
  { name, family }: { readonly name: string; readonly family: ChainFamily },
  environment: string | null,
): readonly Layer[] {
  const own: Layer = {
    within: family,
    setting: '',
    maxValue: settings.tx_max_value,
    dailyLimit: settings.tx_daily_limit,
    toAllowlist: settings.tx_to_allowlist,
    tokenAllowlist: settings.tx_token_allowlist,
  }
  const whole: Layer = { within: '', setting: '', maxPerDay: settings.tx_max_per_day }
  const withinOf = (key: string) => (key === name && key !== keyNames[family] ? `${family}/${name}` : family)
  const perChain = Object.entries(settings.per_chain_guardrails ?? {}).filter(([key]) => isFor(key, name, family))
  const perEnvironment = Object.entries(settings.per_environment_guardrails ?? {}).filter(
    ([key]) => key === environment || key === everywhere,
  )
  const overhead = Object.entries(settings.tx_overhead_budget ?? {}).filter(([key]) => isFor(key, name, family))
  return [
    own,
    whole,
    ...perChain.map(([key, given]) => layerOf(`per_chain_guardrails.${key}`, withinOf(key), given)),
    ...perEnvironment.map(([key, given]) => layerOf(`per_environment_guardrails.${key}`, family, given)),
    ...overhead.map(([key, budget]) => ({ within: withinOf(key), setting: '', overheadBudget: budget })),
  ]
}

/** `ethereum` is the name of a network and of the keys of all EVM chains. It means the latter, which is stricter. */
function isFor(key: string, name: string, family: ChainFamily): boolean {
  return key === everywhere || key === keyNames[family] || key === family || key === name
}

type Given = NonNullable<GuardrailSettings['per_chain_guardrails']>[string]

function layerOf(setting: string, within: string, given: Given): Layer {
  return {
    setting,
    within,
    maxValue: given.max_value ?? given.max_value_eth,
    dailyLimit: given.daily_limit ?? given.daily_limit_eth,
    toAllowlist: given.to_allowlist,
    tokenAllowlist: given.token_allowlist,
    maxPerDay: given.max_per_day,
    overheadBudget: given.overhead_budget,
    tokenAccountsPerDay: given.max_ata_creates_per_day,
  }
}

/**
 * Whether any rule looks at what a transaction does. Then what the server cannot read is refused, and so is what would move
 * money past the limits.
 */
export function looksInside(settings: GuardrailSettings, layers: readonly Layer[]): boolean {
  const isSet = (value: unknown) => value !== undefined && value !== null
  const isListed = (list: readonly unknown[] | null | undefined) => isSet(list) && list?.length !== 0
  return (
    [
      settings.tx_max_value_usd,
      settings.tx_daily_limit_usd,
      settings.tx_recipient_daily_limit,
      settings.tx_approval_above,
    ].some(isSet) ||
    settings.tx_new_recipients !== 'allow' ||
    settings.tx_known_tokens_only === true ||
    isListed(settings.xrpl_allowed_tx_types) ||
    isListed(settings.solana_ata_allowlist) ||
    layers.some(
      ({ maxValue, dailyLimit, toAllowlist, toDenylist, tokenAllowlist, tokenAccountsPerDay }) =>
        [maxValue, dailyLimit, tokenAccountsPerDay].some(isSet) ||
        [toAllowlist, toDenylist, tokenAllowlist].some(isListed),
    )
  )
}
