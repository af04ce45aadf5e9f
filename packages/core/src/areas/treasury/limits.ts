import { type Effects, families, parseAmount } from '../../families/index.ts'
import { internalError } from '../../kernel/errors.ts'
import { type CommitThenThrow, denied, type UnitContext } from '../../operations/index.ts'
import { type Agent, agentKind, agentNotFound } from '../agents/index.ts'
import { findChain, type RegisteredChain } from '../chains/index.ts'
import { decide, type GuardDecision, refuse } from '../guardrails/index.ts'
import type { AutoApproveRule, Delegation, Proposal } from './records.ts'

// The limits of an agent for the money of a Safe. The guardrails of the agent decide about the effects on the Safe. So an agent
// that signs for a Safe can move no more with it than with its own key.

/** The parts of a proposal that limits are about. */
export type Wanted = Pick<Proposal, 'safe' | 'to' | 'value' | 'data' | 'operation'>

export function chainOf({ unit }: Pick<UnitContext, 'unit'>, { safe }: Pick<Proposal, 'safe'>): RegisteredChain {
  const chain = findChain(unit, safe.chain)
  if (!chain?.isEnabled) throw denied({ reason: `The chain ${safe.chain} is not enabled.` })
  return chain
}

/** The effects of the proposal on the Safe. Its owners pay no fee for that. */
export function effectsOf(chain: RegisteredChain, { safe, to, value, data }: Wanted): Effects {
  const { evm } = families
  if (!evm) throw internalError()
  const request = { to, value: BigInt(value), fields: { data: `0x${data}` } }
  return { ...evm.effects(evm.draft(request, chain, safe.safeAddress)), overhead: 0n }
}

/** The decision of the agent's guardrails about the proposal. Only humans can propose a delegatecall. */
export function decisionOf(context: UnitContext, agent: Agent, wanted: Wanted): GuardDecision {
  if (wanted.operation === 1) throw denied({ reason: 'Only a human proposes or approves a delegatecall.' })
  const chain = chainOf(context, wanted)
  return decide(context, { agent, chain, signs: { type: 'transaction', effects: effectsOf(chain, wanted) } })
}

/** Whether the agent may propose this under its delegation. Both the delegation and its own guardrails must allow it. */
export function refusalOf(
  context: UnitContext,
  agentId: string,
  delegation: Delegation | null,
  wanted: Wanted,
): CommitThenThrow | null {
  const agent = context.unit.require(agentKind, agentId, agentNotFound)
  const own = decisionOf(context, agent, wanted)
  if (delegation === null) return null
  const given = decisionOf(context, { ...agent, settings: settingsFrom(delegation) }, wanted)
  const refusing = [given, own].find(({ outcome }) => outcome === 'refused')
  return refusing ? refuse(context, refusing) : null
}

/** The delegation, in the words of guardrails. */
function settingsFrom({ toAllowlist, maxValue, allowedChains }: Delegation): Agent['settings'] {
  return {
    ...(toAllowlist && { tx_to_allowlist: [...toAllowlist] }),
    ...(maxValue !== null && { tx_max_value: maxValue }),
    ...(allowedChains && { tx_allowed_chains: [...allowedChains] }),
  }
}

/** Whether a rule covers the proposal. Only plain transfers: calldata can be worth more than its value. */
export function isAutoApproved(
  rules: readonly AutoApproveRule[],
  chain: RegisteredChain,
  { to, value, data, operation }: Wanted,
): boolean {
  if (data !== '' || operation !== 0) return false
  return rules.some(({ maxValue, toAllowlist }) => {
    const { base } = parseAmount(maxValue, { decimals: chain.decimals, field: 'amount', isWholeBase: false })
    const isListed = toAllowlist?.some((one) => one.toLowerCase() === to.toLowerCase()) ?? true
    return isListed && BigInt(value) <= base
  })
}
