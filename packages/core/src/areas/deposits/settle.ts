import { frame, utf8 } from '../../kernel/bytes.ts'
import { uuid } from '../../kernel/ids.ts'
import { type Actor, auditEvent, type Services, type UnitContext } from '../../operations/index.ts'
import type { Arrival } from '../../ports/chain.ts'
import type { RegisteredChain, Token } from '../chains/index.ts'
import { accountKind, assetDecimals, assetOf, balanceOf, post, systemAccount } from '../ledger/index.ts'
import { type Deposit, type Destination, depositKind, destinationKind, openDepositKind } from './records.ts'

// What becomes of one deposit. Each function is one unit, and does nothing when it is done again.

const server: Actor = { type: 'system', id: 'deposits', ip: null }

/** A chain with its known tokens. */
export interface Listed {
  readonly chain: RegisteredChain
  readonly tokens: readonly Token[]
}

/** Stages that money arrived in a block. One that came in another block before is lost first. */
export function receive(
  context: UnitContext,
  { chain, tokens }: Listed,
  destinationId: string,
  arrival: Arrival,
): void {
  const { unit, now } = context
  const id = depositId(context, chain.name, destinationId, arrival)
  const before = unit.get(depositKind, id)
  if (before?.blockId === arrival.blockId && isOnChain(before)) return
  if (before && isOnChain(before)) lose(context, before)
  const token = tokens.find(({ contract }) => contract === arrival.token)
  const destination = unit.get(destinationKind, destinationId)
  if (!destination || (arrival.token !== null && !token)) return
  const { transactionId, from, blockId } = arrival
  const height = Number(arrival.height)
  const deposit: Deposit = {
    ...{ id, destinationId, chain: chain.name, transactionId, from, token: arrival.token },
    ...{ symbol: token?.symbol ?? chain.currency, decimals: token?.decimals ?? chain.decimals },
    ...{ units: arrival.amount.toString(), height, blockId, status: 'received', credit: null },
    ...{ createdAt: before?.createdAt ?? now, confirmedAt: null, creditedAt: null },
  }
  unit.put(depositKind, deposit)
  unit.get(openDepositKind, id)
  unit.put(openDepositKind, { id, org: unit.org ?? '', chain: chain.name, height, blockId, isWaiting: true })
  tell(context, 'deposit.receive', deposit)
  const { walletId } = destination
  if (walletId !== null) tell(context, 'treasury_wallet.receive', deposit, { wallet_id: walletId })
}

/** Stages that a deposit is deep enough, and its credit if the destination wants one. */
export function confirm(context: UnitContext, id: string, blockId: string, chain: RegisteredChain): void {
  const { unit, now } = context
  const open = unit.get(openDepositKind, id)
  const deposit = unit.get(depositKind, id)
  if (!open?.isWaiting || deposit?.blockId !== blockId) return
  unit.put(openDepositKind, { ...open, isWaiting: false })
  // What was credited meanwhile is not credited again.
  if (deposit.status !== 'received' && deposit.status !== 'confirmed') return
  if (deposit.status === 'received') tell(context, 'deposit.confirm', deposit)
  const confirmed: Deposit = { ...deposit, status: 'confirmed', confirmedAt: deposit.confirmedAt ?? now }
  const credit = creditOf(unit.get(destinationKind, deposit.destinationId), confirmed, chain)
  if (!credit) {
    unit.put(depositKind, confirmed)
    return
  }
  const { accountId: to, asset, units } = credit
  const { id: from } = systemAccount(context, 'outside')
  post(context, { from, to, asset, units: BigInt(units), reference: { type: 'deposit', id }, memo: null })
  unit.put(depositKind, { ...confirmed, status: 'credited', credit, creditedAt: now })
  tell(context, 'deposit.credit', confirmed, { account_id: to, asset })
}

/** Stages that the block of a deposit has left the chain. A credit is taken back. */
export function lose(context: UnitContext, deposit: Deposit): void {
  const { unit } = context
  const open = unit.get(openDepositKind, deposit.id)
  if (open) unit.delete(openDepositKind, open)
  const { credit } = deposit
  if (!credit) {
    unit.put(depositKind, { ...deposit, status: 'orphaned' })
    tell(context, 'deposit.orphan', deposit)
    return
  }
  const lost = takeBack(context, deposit.id, credit)
  unit.put(depositKind, { ...deposit, status: 'reversed', credit: null })
  tell(context, 'deposit.reverse', deposit, { account_id: credit.accountId, asset: credit.asset, lost_units: lost })
}

/** The account pays what it has, and the account for losses the rest. Answers the rest. */
function takeBack(
  context: UnitContext,
  id: string,
  { accountId, asset, units }: NonNullable<Deposit['credit']>,
): string {
  const account = context.unit.get(accountKind, accountId)
  const wanted = BigInt(units)
  const held = account ? balanceOf(account, asset) : 0n
  const paid = held < wanted ? held : wanted
  const { id: to } = systemAccount(context, 'outside')
  const reversal = { to, asset, reference: { type: 'deposit_reversal', id }, memo: null } as const
  if (paid > 0n) post(context, { from: accountId, units: paid, ...reversal })
  const rest = wanted - paid
  if (rest > 0n) post(context, { from: systemAccount(context, 'losses').id, units: rest, ...reversal })
  return rest.toString()
}

/** What the account gets. Null: nothing, because there is no account, or the ledger has no such asset. */
function creditOf(
  destination: Destination | null,
  deposit: Deposit,
  { isTestnet }: RegisteredChain,
): Deposit['credit'] {
  if (destination?.status !== 'active' || destination.accountId === null || isTestnet) return null
  const asset = assetOf(deposit.symbol)
  if (!asset) return null
  const units = rescaled(BigInt(deposit.units), deposit.decimals, assetDecimals[asset])
  return units === 0n ? null : { accountId: destination.accountId, asset, units: units.toString() }
}

/** In another smallest unit. What is less than one is not credited. */
function rescaled(units: bigint, from: number, to: number): bigint {
  return (units * 10n ** BigInt(to)) / 10n ** BigInt(from)
}

function isOnChain({ status }: Deposit): boolean {
  return status !== 'orphaned' && status !== 'reversed'
}

/** The same deposit has one ID, whichever block it is in and however often it is read. */
function depositId(
  { crypto }: Pick<Services, 'crypto'>,
  chain: string,
  destinationId: string,
  arrival: Arrival,
): string {
  const parts = ['pawl/1/deposit', chain, arrival.transactionId, arrival.place, destinationId]
  const hash = crypto.sha256(frame(...parts.map(utf8)))
  return uuid({ bytes: (count) => hash.slice(0, count) })
}

function tell(
  { unit }: UnitContext,
  action: string,
  deposit: Deposit,
  more: Readonly<Record<string, string>> = {},
): void {
  const { id, destinationId, chain, transactionId, symbol, units, height, blockId } = deposit
  const what = { destination_id: destinationId, chain, tx_hash: transactionId, token_symbol: symbol, units }
  const details = { ...what, block_number: height, block_hash: blockId, ...more }
  unit.audit(auditEvent(server, { action, resource: { type: 'deposit', id }, details }))
}
