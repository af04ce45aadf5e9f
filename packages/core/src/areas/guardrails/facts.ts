import { base64url, utf8 } from '../../kernel/bytes.ts'
import type { Context, UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { type RegisteredChain, tokensOf } from '../chains/index.ts'
import { serverSetting } from '../settings/index.ts'
import { emptyLedger, type Ledger, type Reservation, withoutEntry, withoutTaken } from './ledger.ts'
import { guardrailsOf, type Layer, layersFor, looksInside } from './limits.ts'
import { ledgerKind, orgFreezeKind, recipientKind } from './records.ts'
import { effectsIn, type Facts, foldedAddress, type Signs } from './rule.ts'

/** Who signs, and has a ledger under its id: an agent, or a person who pays with a wallet and has no settings. */
export type Signing = Pick<Agent, 'id' | 'settings' | 'environment'>

/** One signature that an agent or a person asks for. */
export interface SigningRequest {
  readonly agent: Signing
  /** Limits beside those of its settings. A payer that has them also counts the transactions of 24 hours. */
  readonly layers?: readonly Layer[]
  readonly chain: RegisteredChain
  readonly signs: Signs
  /** A human has approved exactly these bytes. */
  readonly isApproved?: boolean
  /** What an earlier decision about the same transaction has taken. It is given back before this one takes its own. */
  readonly held?: Reservation | null
}

export type GuardContext = Pick<UnitContext, 'unit' | 'now' | 'settings' | 'crypto'>

export function factsOf(context: GuardContext, request: SigningRequest): Facts {
  const { agent, chain, signs, isApproved = false, held = null, layers } = request
  const { unit, now } = context
  const ledger = ledgerFor(context, request)
  return {
    signs,
    now,
    isApproved,
    ledger: isHeld(held) ? withoutTaken(ledger, now, held, held.at) : ledger,
    orgFrozen: unit.get(orgFreezeKind, 'org'),
    recipients: recipientsOf(context, request),
    ...limitsFor(agent, chain, layers),
    ...surroundings(context, chain),
  }
}

/** The limits of an agent on one chain. */
export function limitsFor(
  { settings: stored, environment }: Pick<Agent, 'settings' | 'environment'>,
  chain: Facts['chain'],
  more: readonly Layer[] = [],
) {
  const settings = guardrailsOf(stored)
  const layers = [...layersFor(settings, chain, environment), ...more]
  return { settings, layers, looksInside: looksInside(settings, layers) }
}

/** What the server knows of a chain. */
export function surroundings(context: GuardContext, chain: Facts['chain']) {
  const tokens = new Map(tokensOf(context.unit, chain.name).map((token) => [token.contract.toLowerCase(), token]))
  return { chain, tokens, usdPrices: serverSetting(context, 'usdPrices') }
}

export function ledgerOf({ unit }: Pick<Context, 'unit'>, agentId: string): Ledger {
  return unit.get(ledgerKind, agentId) ?? emptyLedger(agentId)
}

/** The ledger of the signer. Without one, it is empty. */
export function ledgerFor(
  context: Pick<Context, 'unit'>,
  { agent, layers }: Pick<SigningRequest, 'agent' | 'layers'>,
): Ledger {
  const ledger = ledgerOf(context, agent.id)
  return layers === undefined ? ledger : { window: [], ...ledger }
}

/** The addresses that get something, or a right to something. */
export function reachedBy(signs: Signs): readonly string[] {
  const { transfers = [], approvals = [] } = effectsIn({ signs }) ?? {}
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
  { agent, chain, signs, held = null }: SigningRequest,
): Facts['recipients'] {
  const addresses = reachedBy(signs)
  const ids = addresses.map((address) => recipientId(context, agent.id, chain, address))
  const found = context.unit.getAll(recipientKind, ids)
  const known = addresses.flatMap((address, at) => {
    const recipient = found[at]
    if (!recipient) return []
    const units = isHeld(held) ? held.recipients[recipient.id] : undefined
    const moved = units && held ? withoutEntry(recipient.moved, context.now, units, held.at) : recipient.moved
    return [[address, { ...recipient, moved }] as const]
  })
  return new Map(known)
}

function isHeld(reservation: Reservation | null): reservation is Reservation {
  return reservation?.state === 'held'
}
