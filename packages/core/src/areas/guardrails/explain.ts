import * as z from 'zod'
import { showAmount } from '../../families/index.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { floorUnits } from './amounts.ts'
import { decideFrom } from './decide.ts'
import { factsOf, type GuardContext, type SigningRequest } from './facts.ts'
import { countToday, movedIn, nextDay, overheadToday, sumSince, tokenAccountsToday } from './ledger.ts'
import type { Layer } from './limits.ts'
import type { Facts } from './rule.ts'
import { usdDecimals } from './usd.ts'

const VerdictBody = z
  .object({
    rule: z.string(),
    allowed: z.boolean(),
    reason: z.string(),
    reason_code: z.string(),
    limit: z.union([z.string(), z.number()]).nullable().describe('Money is decimal text in the unit of the chain.'),
    current: z.union([z.string(), z.number()]).nullable().describe('What was used of the limit before.'),
    attempted: z.union([z.string(), z.number()]).nullable(),
  })
  .meta({ id: 'GuardrailVerdict' })

const BudgetBody = z.object({
  rule: z.string(),
  within: z.string().describe('What is counted: a family (evm), a network (evm/base), or everything (empty).'),
  limit: z.union([z.string(), z.number()]),
  used: z.union([z.string(), z.number()]),
  left: z.union([z.string(), z.number()]),
  resets_at: z.string().optional().describe('When the count begins anew. Absent: each amount counts for 24 hours.'),
})

export const ExplanationBody = z
  .object({
    outcome: z
      .enum(['allowed', 'logged', 'refused', 'needs_approval'])
      .describe('logged: a rule refuses, and the limits of the agent are only logged.'),
    violation: VerdictBody.nullable().describe('The verdict that decides. Null: every rule allows.'),
    verdicts: z.array(VerdictBody).describe('What each rule says that has something to check.'),
    budgets: z.array(BudgetBody).describe('What is left of each budget, before this transaction.'),
  })
  .meta({ id: 'GuardrailExplanation' })

type Explanation = z.infer<typeof ExplanationBody>
type Budget = z.infer<typeof BudgetBody>

/**
 * What every rule says of a signature, and what is left of each budget. Nothing is signed, taken or recorded.
 *
 * @example
 * run: (context, input) => explain(context, { agent, chain, signs: { type: 'transaction', effects } })
 */
export function explain(context: GuardContext, request: SigningRequest): Explanation {
  const facts = factsOf(context, request)
  const { outcome, violation, verdicts } = decideFrom(facts)
  return { outcome, violation, verdicts: [...verdicts], budgets: budgetsOf(facts) }
}

/** Every budget that holds on this chain. */
function budgetsOf(facts: Facts): Budget[] {
  const { layers, ledger, now, settings } = facts
  const ofLayers = layers.flatMap((layer) => [
    ...nativeBudget(facts, 'tx_daily_limit', layer, layer.dailyLimit, movedIn(ledger, now, layer.within)),
    ...countBudget(facts, 'tx_max_per_day', layer.within, layer.maxPerDay, countToday(ledger, now, layer.within)),
    ...nativeBudget(facts, 'tx_overhead_budget', layer, layer.overheadBudget, overheadToday(ledger, now, layer.within)),
    ...countBudget(facts, 'max_ata_creates_per_day', '', layer.tokenAccountsPerDay, tokenAccountsToday(ledger, now)),
  ])
  const usd = settings.tx_daily_limit_usd
  return usd === undefined ? ofLayers : [...ofLayers, usdBudget(facts, usd)]
}

function nativeBudget(
  { chain, now }: Facts,
  rule: string,
  { within }: Layer,
  limit: string | null | undefined,
  used: bigint,
): Budget[] {
  if (limit == null) return []
  const budget = money(rule, within, floorUnits(limit, chain.decimals), used, chain.decimals)
  return [rule === 'tx_daily_limit' ? budget : { ...budget, resets_at: rfc3339(nextDay(now)) }]
}

function countBudget(
  { now }: Facts,
  rule: string,
  within: string,
  limit: number | null | undefined,
  used: number,
): Budget[] {
  if (limit == null) return []
  return [{ rule, within, limit, used, left: Math.max(0, limit - used), resets_at: rfc3339(nextDay(now)) }]
}

function usdBudget({ ledger, now }: Facts, limit: string): Budget {
  return money('tx_daily_limit_usd', '', floorUnits(limit, usdDecimals), sumSince(ledger.usd, now), usdDecimals)
}

function money(rule: string, within: string, limit: bigint, used: bigint, decimals: number): Budget {
  const left = limit > used ? limit - used : 0n
  const text = (units: bigint) => showAmount(units, decimals)
  return { rule, within, limit: text(limit), used: text(used), left: text(left) }
}
