import type { Agent } from '../agents/index.ts'
import { findChain, type RegisteredChain } from '../chains/index.ts'
import { type Decision, decideFrom } from './decide.ts'
import { type GuardContext, limitsFor, reachedBy, surroundings } from './facts.ts'
import { takenBy } from './guard.ts'
import { emptyLedger, type Ledger, withEntry, withTaken } from './ledger.ts'
import type { DecisionRecord, Recipient } from './records.ts'
import { effectsIn, type Facts, foldedAddress, type Signs } from './rule.ts'
import { signsFrom } from './stored-signs.ts'

export interface Replayed {
  readonly record: DecisionRecord
  readonly decision: Decision
}

/**
 * Decides once more about everything that was decided, under other limits: one after the other, each with the budgets that
 * the ones before it have left.
 */
export function replay(
  context: GuardContext,
  agent: Pick<Agent, 'id' | 'settings' | 'environment'>,
  records: readonly DecisionRecord[],
): readonly Replayed[] {
  const chains = new Map<string, RegisteredChain | null>()
  const chainNamed = (name: string) => {
    if (!chains.has(name)) chains.set(name, findChain(context.unit, name))
    return chains.get(name) ?? null
  }
  const recipients = new Map<string, Recipient>()
  let ledger = emptyLedger(agent.id)
  return records.flatMap((record) => {
    const [chain, signs] = [chainNamed(record.chain), signsFrom(record.signs)]
    if (!chain || !signs) return []
    const facts = factsThen(context, agent, chain, signs, record, ledger, recipients)
    const decision = decideFrom(facts)
    if (decision.outcome === 'allowed' || decision.outcome === 'logged') {
      ledger = ledgerAfter(facts)
      remember(facts, recipients)
    }
    return [{ record, decision }]
  })
}

function factsThen(
  context: GuardContext,
  agent: Pick<Agent, 'settings' | 'environment'>,
  chain: RegisteredChain,
  signs: Signs,
  { at: now, isApproved }: DecisionRecord,
  ledger: Ledger,
  recipients: ReadonlyMap<string, Recipient>,
): Facts {
  const known = reachedBy(signs).flatMap((address) => {
    const recipient = recipients.get(`${chain.family} ${address}`)
    return recipient ? [[address, recipient] as const] : []
  })
  const then = { signs, now, isApproved, ledger, orgFrozen: null, recipients: new Map(known) }
  return { ...then, ...limitsFor(agent, chain), ...surroundings(context, chain) }
}

function ledgerAfter(facts: Facts): Ledger {
  const taken = takenBy(facts)
  return taken ? withTaken(facts.ledger, facts.now, taken) : facts.ledger
}

function remember(facts: Facts, recipients: Map<string, Recipient>): void {
  const { chain, now, signs } = facts
  for (const address of reachedBy(signs)) {
    const key = `${chain.family} ${address}`
    const before = recipients.get(key) ?? { id: key, agentId: facts.ledger.id, firstAt: now, moved: [] }
    const native = (effectsIn(facts)?.transfers ?? []).filter(
      ({ to, token }) => token === null && foldedAddress(to) === address,
    )
    const moved = native.reduce((entries, { amount }) => withEntry(entries, now, String(amount ?? 0n)), before.moved)
    recipients.set(key, { ...before, moved })
  }
}
