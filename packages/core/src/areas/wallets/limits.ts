import type { Effects } from '../../families/index.ts'
import type { PawlError } from '../../kernel/errors.ts'
import { agentFields, forTheTrail, type UnitContext } from '../../operations/index.ts'
import type { ChainFamily } from '../../ports/chain.ts'
import type { Unit } from '../../records/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { decide, type GuardDecision, type Layer, refuse, ruleForTheTrail } from '../guardrails/index.ts'
import { effectiveSpendPolicy } from '../platform/index.ts'
import { paymentRefused } from './errors.ts'

// Guardrails judge the spend policies of platform apps, with a ledger of the person. So Pawl reads the effects of the bytes as it
// does for agents, and takes budgets in the commit that signs.

/** What guardrails say of a payment, without staging anything. `more` are the limits of an access policy. */
export function judge(
  context: UnitContext,
  userId: string,
  chain: RegisteredChain,
  effects: Effects,
  more: readonly Layer[],
): GuardDecision {
  const payer = { id: userId, settings: {}, environment: null }
  const layers = [...layersOf(context.unit, userId, chain.family), ...more]
  return decide(context, { agent: payer, layers, chain, signs: { type: 'transaction', effects } })
}

/** Stages the record of a refusal. Returns the error for the person. */
export function refusePayment(context: UnitContext, decision: GuardDecision): PawlError {
  const { error } = refuse(context, decision)
  const { violation } = decision
  if (!violation) return error
  const { limit, current, attempted } = violation
  const field = policyFields[violation.rule]
  const rule = field ?? violation.rule
  const reason =
    field === undefined ? violation.reason : 'A spend policy or an access policy does not allow this payment.'
  const refused = paymentRefused({
    rule,
    reason: reason.replace(/^The agent /, 'The wallet '),
    limit,
    current,
    attempted,
  })
  return forTheTrail(refused, { chain: decision.request.chain.name, ...ruleForTheTrail(decision), rule })
}

/** What the rules of guardrails are called in spend policies. */
const policyFields: Readonly<Record<string, string>> = {
  tx_max_value: 'max_value_per_tx_eth',
  tx_daily_limit: 'daily_limit_eth',
  tx_to_allowlist: 'to_allowlist',
  to_denylist: 'to_denylist',
  tx_token_allowlist: 'allowed_tokens',
  tx_allowed_chains: 'allowed_chains',
  max_transactions_per_day: 'max_transactions_per_day',
}

function layersOf(unit: Unit, userId: string, family: ChainFamily): readonly Layer[] {
  const policy = effectiveSpendPolicy(unit, userId)
  if (!policy) return []
  return [
    {
      ...{ within: family, setting: 'spend_policy' },
      ...{ maxValue: policy.maxValuePerTxEth, dailyLimit: policy.dailyLimitEth },
      ...{ toAllowlist: listed(policy.toAllowlist), toDenylist: policy.toDenylist },
      ...{ tokenAllowlist: listed(policy.allowedTokens), chains: listed(policy.allowedChains) },
      maxIn24Hours: policy.maxTransactionsPerDay,
    },
  ]
}

/** Guardrails read an empty list as no list. */
function listed(list: readonly string[] | null): readonly string[] | null {
  return list?.length === 0 ? agentFields.allowsNothing : list
}
