import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { agentFields, fields } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { type Connection, connectionKind, type SpendPolicy, spendPolicyKind } from './records.ts'

// What a user of an app may spend. A policy of the app holds for all its users, and one of a user beside it: the strictest of
// both wins, so no policy widens another. This area stores policies; wallets ask `effectiveSpendPolicy` before they sign.

const { chainName, decimal, words } = agentFields

export const spendPolicyFields = {
  to_allowlist: fields.optional(words()).describe('Only to these addresses. Default: any.'),
  to_denylist: fields.optional(words()).describe('Never to these addresses.'),
  max_value_per_tx_eth: fields.optional(decimal()).describe('Maximum value of one transaction. Default: any.'),
  daily_limit_eth: fields.optional(decimal()).describe('Maximum value in 24 hours. Default: any.'),
  allowed_chains: fields
    .optional(z.array(chainName(), 'must be a list').max(100, 'must have at most 100 entries'))
    .describe('Only on these chains. Default: any.'),
  allowed_tokens: fields.optional(words()).describe('Only these tokens. Default: any.'),
  max_transactions_per_day: fields.optional(fields.count()).describe('Maximum number of transactions in 24 hours.'),
}

type Given = { readonly [Name in keyof typeof spendPolicyFields]?: z.output<(typeof spendPolicyFields)[Name]> }

type Limits = Omit<SpendPolicy, 'id' | 'appId' | 'userId' | 'createdAt' | 'updatedAt'>

/** What was given, in the form of a record. */
export function limitsOf(given: Given): Limits {
  return {
    toAllowlist: [...new Set(given.to_allowlist)],
    toDenylist: [...new Set(given.to_denylist)],
    maxValuePerTxEth: given.max_value_per_tx_eth ?? null,
    dailyLimitEth: given.daily_limit_eth ?? null,
    allowedChains: [...new Set(given.allowed_chains)],
    allowedTokens: [...new Set(given.allowed_tokens)],
    maxTransactionsPerDay: given.max_transactions_per_day ?? null,
  }
}

/** What holds for a user: the strictest of all policies. An allowlist that is null allows everything; an empty one nothing. */
interface EffectiveSpendPolicy {
  readonly toAllowlist: readonly string[] | null
  readonly toDenylist: readonly string[]
  readonly maxValuePerTxEth: string | null
  readonly dailyLimitEth: string | null
  readonly allowedChains: readonly string[] | null
  readonly allowedTokens: readonly string[] | null
  readonly maxTransactionsPerDay: number | null
}

/**
 * What holds for the wallets of a user, over all apps that the user is connected to. Null: no policy says anything.
 *
 * @example
 * const policy = effectiveSpendPolicy(unit, caller.id)
 */
export function effectiveSpendPolicy(unit: Pick<Reads, 'list'>, userId: string): EffectiveSpendPolicy | null {
  const policies = policiesOfUser(unit, userId)
  return policies.length === 0 ? null : strictest(policies)
}

/** The policies of all apps that a user is connected to. */
export function policiesOfUser(unit: Pick<Reads, 'list'>, userId: string): readonly SpendPolicy[] {
  const connections = unit.list(connectionKind, 'user', userId).filter(({ status }) => status !== 'disconnected')
  return connections.flatMap((connection) => policiesFor(unit, connection))
}

function policiesFor(unit: Pick<Reads, 'list'>, { appId, userId }: Connection): readonly SpendPolicy[] {
  return unit.list(spendPolicyKind, 'app', appId).filter((policy) => policy.userId === null || policy.userId === userId)
}

/** The strictest of several policies. */
export function strictest(policies: readonly Limits[]): EffectiveSpendPolicy {
  const all = <K extends keyof Limits>(field: K) => policies.map((policy) => policy[field])
  return {
    toAllowlist: common(all('toAllowlist')),
    toDenylist: [...new Set(all('toDenylist').flat())],
    maxValuePerTxEth: lowest(all('maxValuePerTxEth')),
    dailyLimitEth: lowest(all('dailyLimitEth')),
    allowedChains: common(all('allowedChains')),
    allowedTokens: common(all('allowedTokens')),
    maxTransactionsPerDay: fewest(all('maxTransactionsPerDay')),
  }
}

/** What is in every list that says something. An empty list says nothing. */
function common(lists: readonly (readonly string[])[]): readonly string[] | null {
  const [first, ...others] = lists.filter((list) => list.length > 0)
  return first ? first.filter((one) => others.every((list) => list.includes(one))) : null
}

function lowest(amounts: readonly (string | null)[]): string | null {
  const given = amounts.filter((amount) => amount !== null)
  return given.length === 0 ? null : given.reduce((least, one) => (isLess(one, least) ? one : least))
}

function fewest(counts: readonly (number | null)[]): number | null {
  const given = counts.filter((count) => count !== null)
  return given.length === 0 ? null : Math.min(...given)
}

/** Compares decimal numbers as text, so that no float rounds a limit. */
function isLess(one: string, other: string): boolean {
  const [[oneWhole = '', oneRest = ''], [otherWhole = '', otherRest = '']] = [one.split('.'), other.split('.')]
  if (oneWhole !== otherWhole) return BigInt(oneWhole) < BigInt(otherWhole)
  const digits = Math.max(oneRest.length, otherRest.length)
  return oneRest.padEnd(digits, '0') < otherRest.padEnd(digits, '0')
}

export const SpendPolicyBody = z
  .object({
    id: fields.id(),
    platform_app_id: fields.id(),
    user_id: fields.id().nullable(),
    to_allowlist: z.array(z.string()),
    to_denylist: z.array(z.string()),
    max_value_per_tx_eth: z.string().nullable(),
    daily_limit_eth: z.string().nullable(),
    allowed_chains: z.array(z.string()),
    allowed_tokens: z.array(z.string()),
    max_transactions_per_day: fields.count().nullable(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
  })
  .meta({ id: 'SpendPolicy' })

export function spendPolicyBody(policy: SpendPolicy): z.infer<typeof SpendPolicyBody> {
  return {
    id: policy.id,
    platform_app_id: policy.appId,
    user_id: policy.userId,
    to_allowlist: [...policy.toAllowlist],
    to_denylist: [...policy.toDenylist],
    max_value_per_tx_eth: policy.maxValuePerTxEth,
    daily_limit_eth: policy.dailyLimitEth,
    allowed_chains: [...policy.allowedChains],
    allowed_tokens: [...policy.allowedTokens],
    max_transactions_per_day: policy.maxTransactionsPerDay,
    created_at: rfc3339(policy.createdAt),
    updated_at: rfc3339(policy.updatedAt),
  }
}
