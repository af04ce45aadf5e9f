import { type Effects, effectsOf, type Transfer } from '../effects.ts'
import { dropsOf, tokenOf } from './amounts.ts'
import { isRecord, type Json } from './codec.ts'

// What a transaction of the XRP Ledger does to the account that signs it. Issued amounts are decimal numbers, so they have no
// whole amount.

/**
 * The recipient of an offer, a pool or a channel: only the ledger knows it. No list of addresses contains it, so an agent with
 * such a list cannot pay it.
 */
const anyone = 'anyone'

export function effectsOfJson(transaction: Json): Effects {
  const type = String(transaction.TransactionType)
  const found = readers[type]?.(transaction) ?? {}
  const spends = (found.spends ?? []).filter(([amount]) => amount !== undefined)
  const to = found.to ?? anyone
  return effectsOf({
    native: spends.reduce((sum, [amount, isSpent = true]) => sum + (isSpent ? (dropsOf(amount) ?? 0n) : 0n), 0n),
    overhead: dropsOf(transaction.Fee),
    transfers: [...unique(spends.map(([amount]) => transferOf(to, amount))), ...(found.transfers ?? [])],
    delegates: found.delegates ?? [],
    ledgerType: type,
    opaque: found.opaque ?? null,
  })
}

interface Found {
  /** Amounts that go to `to`, and whether XRP of it leaves the account in addition. */
  readonly spends?: readonly (readonly [amount: unknown, isSpent?: boolean])[]
  readonly to?: string
  readonly transfers?: readonly Transfer[]
  readonly delegates?: readonly string[]
  readonly opaque?: string | null
}

const text = (value: unknown) => (typeof value === 'string' ? value : anyone)
const flagged = ({ Flags }: Json, flag: number) => typeof Flags === 'number' && Math.floor(Flags / flag) % 2 === 1

const readers: Readonly<Record<string, (transaction: Json) => Found>> = {
  // What is spent is at most SendMax. Amount is what arrives, and can be of another currency.
  Payment: ({ Amount, SendMax, Destination }) => ({
    to: text(Destination),
    spends: SendMax === undefined ? [[Amount]] : [[SendMax], [Amount, false]],
  }),
  CheckCreate: ({ SendMax, Destination }) => ({ to: text(Destination), spends: [[SendMax]] }),
  EscrowCreate: ({ Amount, Destination }) => ({ to: text(Destination), spends: [[Amount]] }),
  PaymentChannelCreate: ({ Amount, Destination }) => ({ to: text(Destination), spends: [[Amount]] }),
  PaymentChannelFund: ({ Amount }) => ({ spends: [[Amount]] }),
  OfferCreate: ({ TakerGets, TakerPays }) => ({ spends: [[TakerGets], [TakerPays, false]] }),
  AMMCreate: ({ Amount, Amount2 }) => ({ spends: [[Amount], [Amount2]] }),
  AMMDeposit: (transaction) => ({
    spends: [[transaction.Amount], [transaction.Amount2]],
    opaque: isBoundDeposit(transaction) ? null : 'the deposit is bound only by the pool',
  }),
  AMMBid: ({ BidMin, BidMax }) => ({
    spends: [[BidMin], [BidMax]],
    opaque: BidMax === undefined ? 'the bid has no greatest price' : null,
  }),
  NFTokenCreateOffer: (transaction) =>
    flagged(transaction, sellsToken)
      ? { transfers: [{ to: text(transaction.Destination), token: text(transaction.NFTokenID), amount: 1n }] }
      : { to: text(transaction.Owner), spends: [[transaction.Amount]] },
  NFTokenMint: ({ Destination, Amount }) =>
    Amount === undefined ? {} : { transfers: [{ to: text(Destination), token: 'minted', amount: 1n }] },
  NFTokenAcceptOffer: () => ({ opaque: 'the price stands in the offer' }),
  NFTokenBurn: () => ({}),
  Clawback: ({ Amount }) => ({ spends: [[Amount]] }),
  TrustSet: ({ LimitAmount }) => ({ to: issuerOf(LimitAmount), spends: [[LimitAmount, false]] }),
  AccountDelete: ({ Destination }) => ({
    transfers: [{ to: text(Destination), token: null, amount: null }],
    opaque: 'all XRP of the account leaves it',
  }),
  SetRegularKey: ({ RegularKey }) => ({ delegates: RegularKey === undefined ? [] : [text(RegularKey)] }),
  SignerListSet: ({ SignerEntries }) => ({ delegates: signersIn(SignerEntries) }),
}

const sellsToken = 1
const depositsForShares = 0x00010000

/** A deposit for a number of shares costs what the pool asks. */
function isBoundDeposit(transaction: Json): boolean {
  return transaction.Amount !== undefined && !flagged(transaction, depositsForShares)
}

function issuerOf(amount: unknown): string {
  return isRecord(amount) ? text(amount.issuer) : anyone
}

function signersIn(entries: unknown): string[] {
  if (!Array.isArray(entries)) return []
  return entries.map((one) => (isRecord(one) && isRecord(one.SignerEntry) ? text(one.SignerEntry.Account) : anyone))
}

function transferOf(to: string, amount: unknown): Transfer {
  const drops = dropsOf(amount)
  return drops === null ? { to, token: tokenOf(amount), amount: null } : { to, token: null, amount: drops }
}

/** A payment with SendMax names the same currency twice. The greater amount counts. */
function unique(transfers: readonly Transfer[]): Transfer[] {
  const greatest = new Map<string | null, Transfer>()
  for (const one of transfers) {
    const before = greatest.get(one.token)
    if (!before || (before.amount ?? 0n) < (one.amount ?? 0n)) greatest.set(one.token, one)
  }
  return [...greatest.values()]
}
