import { base64url, utf8 } from '../../kernel/bytes.ts'
import type { Context, UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { type RegisteredChain, tokensOf } from '../chains/index.ts'
import { emptyLedger, type Ledger } from './ledger.ts'
import { guardrailsOf, layersFor, looksInside } from './limits.ts'
import { ledgerKind, orgFreezeKind, type Recipient, recipientKind } from './records.ts'
import { type Facts, foldedAddress, type Signs } from './rule.ts'

/** One signature that an agent asks for. */
export interface SigningRequest {
  readonly agent: Agent
  readonly chain: RegisteredChain
  readonly signs: Signs
  /** A human has approved exactly these bytes. */
  readonly isApproved?: boolean
}

export type GuardContext = Pick<UnitContext, 'unit' | 'now' | 'settings' | 'crypto'>

export function factsOf(context: GuardContext, request: SigningRequest): Facts {
  const { agent, chain, signs, isApproved = false } = request
  const { unit, now } = context
  return {
    ...{ ...limitsFor(agent, chain), ...surroundings(context, chain), signs, now, isApproved },
    ledger: ledgerOf(context, agent.id),
    orgFrozen: unit.get(orgFreezeKind, 'org'),
    recipients: recipientsOf(context, agent.id, chain, signs),
  }
}

/** The limits of an agent on one chain. */
export function limitsFor(
  { settings: stored, environment }: Pick<Agent, 'settings' | 'environment'>,
  chain: Facts['chain'],
) {
  const settings = guardrailsOf(stored)
  const layers = layersFor(settings, chain, environment)
  return { settings, layers, looksInside: looksInside(settings, layers) }
}

/** What the server knows of a chain. */
export function surroundings({ unit, settings }: GuardContext, chain: Facts['chain']) {
  const tokens = new Map(tokensOf(unit, chain.name).map((token) => [token.contract.toLowerCase(), token]))
  return { chain, tokens, usdPrices: settings.usdPrices }
}

export function ledgerOf({ unit }: Pick<Context, 'unit'>, agentId: string): Ledger {
  return unit.get(ledgerKind, agentId) ?? emptyLedger(agentId)
}

/** The addresses that get something, or a right to something. */
export function reachedBy(signs: Signs): readonly string[] {
  if (signs.type !== 'transaction') return []
  const { transfers, approvals } = signs.effects
  return [...new Set([...transfers.map(({ to }) => to), ...approvals.map(({ spender }) => spender)].map(foldedAddress))]
}

export function recipientId(
  { crypto }: Pick<Context, 'crypto'>,
  agentId: string,
  { family }: Facts['chain'],
  address: string,
): string {
  return `${agentId}.${base64url(crypto.sha256(utf8(`${family} ${foldedAddress(address)}`)))}`
}

function recipientsOf(
  context: GuardContext,
  agentId: string,
  chain: Facts['chain'],
  signs: Signs,
): ReadonlyMap<string, Recipient> {
  const addresses = reachedBy(signs)
  const found = context.unit.getAll(
    recipientKind,
    addresses.map((address) => recipientId(context, agentId, chain, address)),
  )
  return new Map(addresses.flatMap((address, at) => (found[at] ? [[address, found[at]] as const] : [])))
}
