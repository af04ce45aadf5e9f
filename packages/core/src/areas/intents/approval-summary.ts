import { type Effects, showAmount } from '../../families/index.ts'
import type { Json } from '../../kernel/json.ts'
import type { Unit } from '../../records/index.ts'
import { type RegisteredChain, type Token, tokensOf } from '../chains/index.ts'
import type { Verdict } from '../guardrails/index.ts'
import type { Transaction } from './records.ts'

/** A transaction that waits, what its bytes do, the most that its fees can cost, and the rule that asks. */
interface Asked {
  readonly one: Transaction
  readonly chain: RegisteredChain
  readonly effects: Effects
  readonly feesAtMost: bigint
  readonly asking: Verdict | null
}

/**
 * What a human reads before a transaction is signed: amounts in major units, who gets them, and the rule that asks. The
 * bytes decide, so everything is from the effects and nothing from words of the agent.
 */
export function approvalSummary(
  unit: Unit,
  { one: { from, to }, chain, effects, feesAtMost, asking }: Asked,
): Readonly<Record<string, Json>> {
  const { transfers, approvals, calls, delegates, newTokenAccounts, opaque } = effects
  const show = amountsOf(chain, tokensOf(unit, chain.name))
  const called = calls.map((one) => `${one.function ?? one.selector ?? 'an unknown function'} of ${one.to}`)
  return {
    ...{ chain: chain.displayName, from, to },
    transfers: transfers.map((one) => `${show(one.token, one.amount)} to ${one.to}`),
    ...some(
      'approvals',
      approvals.map((one) => allowance(show, one)),
    ),
    ...some('calls', called),
    ...some('may_act_for_the_signer', delegates),
    ...some('new_token_accounts_of', newTokenAccounts),
    fees_at_most: show(null, feesAtMost),
    ...(opaque !== null && { unreadable: opaque }),
    ...(asking && { rule: asking.rule, because: asking.reason }),
  }
}

/** The text of an amount of a token. Without a token: of the native currency. */
export type ShowAmount = (token: string | null, amount: bigint | null) => string

export function amountsOf(chain: RegisteredChain, tokens: readonly Token[]): ShowAmount {
  return (token, amount) => {
    if (token === null) return amount === null ? `an unknown amount of ${chain.currency}` : native(chain, amount)
    const known = tokens.find(({ contract }) => contract.toLowerCase() === token.toLowerCase())
    if (amount === null) return `an unknown amount of ${known?.symbol ?? token}`
    if (known) return `${showAmount(amount, known.decimals)} ${known.symbol}`
    return `${amount} of the smallest unit of ${token}`
  }
}

/** `0.5 ETH` */
export function native({ decimals, currency }: RegisteredChain, amount: bigint): string {
  return `${showAmount(amount, decimals)} ${currency}`
}

function allowance(show: ShowAmount, { spender, token, amount }: Effects['approvals'][number]): string {
  if (amount === null) return `${spender} may take ${token} without a limit`
  return `${spender} may take ${show(token, amount)}`
}

function some(name: string, lines: readonly string[]): Readonly<Record<string, Json>> {
  return lines.length > 0 ? { [name]: [...lines] } : {}
}
