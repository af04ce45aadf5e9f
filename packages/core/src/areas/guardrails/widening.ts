import type { Json } from '../../kernel/json.ts'
import type { StoredSettings } from '../../operations/index.ts'
import { floorUnits } from './amounts.ts'
import { type GuardrailSettings, guardrailsOf } from './limits.ts'
import { foldedAddress } from './rule.ts'
import { takeovers } from './rules/ledger-types.ts'

/** Whether a new value could allow what the old one refuses. */
type AllowsMore<T> = (before: T, after: T) => boolean

const amount: AllowsMore<string | null | undefined> = (before, after) =>
  before != null && (after == null || floorUnits(after, decimalsMax) > floorUnits(before, decimalsMax))

const number: AllowsMore<number | null | undefined> = (before, after) =>
  before != null && (after == null || after > before)

/** A list that allows everything when it is empty. */
const filter: AllowsMore<readonly string[] | null | undefined> = (before, after) =>
  before != null && before.length > 0 && (!after?.length || !isSubset(after, before))

/** A list that allows nothing when it is empty. */
const grants: AllowsMore<readonly Json[] | undefined> = (before = [], after = []) => !isSubset(after, before)

const turnedOn: AllowsMore<boolean | undefined> = (before, after) => !before && after === true
const turnedOff: AllowsMore<boolean | undefined> = (before, after) => before === true && !after

/** Words from the strictest on. */
function rising(...order: readonly string[]): AllowsMore<string | undefined> {
  const rank = (word: string | undefined) => (word === undefined ? order.length : order.indexOf(word))
  return (before, after) => rank(after) > rank(before)
}

type Group = NonNullable<GuardrailSettings['per_chain_guardrails']>

/** Each limit of each group must still be there, and be as strict. */
const groups: AllowsMore<Group | undefined> = (before = {}, after = {}) =>
  Object.entries(before).some(([name, limits]) => {
    const now = after[name] ?? {}
    return (
      amount(limits.max_value ?? limits.max_value_eth, now.max_value ?? now.max_value_eth) ||
      amount(limits.daily_limit ?? limits.daily_limit_eth, now.daily_limit ?? now.daily_limit_eth) ||
      amount(limits.overhead_budget, now.overhead_budget) ||
      number(limits.max_per_day, now.max_per_day) ||
      number(limits.max_ata_creates_per_day, now.max_ata_creates_per_day) ||
      filter(limits.to_allowlist, now.to_allowlist) ||
      filter(limits.token_allowlist, now.token_allowlist)
    )
  })

/** For each setting, what allows more. The compiler misses none. */
const allowsMore: { readonly [Name in keyof GuardrailSettings]-?: AllowsMore<GuardrailSettings[Name]> } = {
  message_signing_enabled: turnedOn,
  raw_signing_enabled: turnedOn,
  tx_known_tokens_only: turnedOff,
  intents_require_tee: turnedOff,
  tx_require_simulation: turnedOff,
  tx_to_allowlist: filter,
  tx_allowed_chains: filter,
  tx_token_allowlist: filter,
  xrpl_allowed_tx_types: (before = [], after = []) =>
    filter(before, after) || (before.length === 0 && takeovers.some((type) => after.includes(type))),
  solana_ata_allowlist: filter,
  tx_max_value: amount,
  tx_daily_limit: amount,
  tx_max_per_day: number,
  tx_overhead_budget: (before = {}, after = {}) =>
    Object.entries(before).some(([chain, budget]) => amount(budget, after[chain])),
  per_chain_guardrails: groups,
  per_environment_guardrails: groups,
  eip712_domain_allowlist: grants,
  eip712_default_policy: rising('deny', 'allow'),
  tx_recipient_daily_limit: amount,
  tx_new_recipients: rising('deny', 'approve', 'allow'),
  tx_max_value_usd: amount,
  tx_daily_limit_usd: amount,
  tx_approval_above: amount,
  tx_unlimited_approvals_enabled: turnedOn,
  tx_user_operations_enabled: turnedOn,
  tx_delegate_allowlist: grants,
  tx_unchecked_calls: grants,
  enforcement: rising('enforce', 'log'),
}

/** The settings whose change could allow what was refused before. */
export function widenedSettings(before: StoredSettings, after: StoredSettings): readonly string[] {
  const [was, is] = [guardrailsOf(before), guardrailsOf(after)]
  return (Object.keys(allowsMore) as (keyof GuardrailSettings)[]).filter((name) => {
    const judge = allowsMore[name] as AllowsMore<GuardrailSettings[typeof name]>
    return judge(was[name], is[name])
  })
}

const decimalsMax = 36

function isSubset(some: readonly Json[], all: readonly Json[]): boolean {
  const known = new Set(all.map(textOf))
  return some.every((one) => known.has(textOf(one)))
}

function textOf(entry: Json): string {
  return typeof entry === 'string' ? foldedAddress(entry) : JSON.stringify(entry)
}
