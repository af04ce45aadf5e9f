// The fields and types of transactions, as definitions.json of ripple-binary-codec has them. A field that is not listed is
// refused, so nothing is signed that Pawl cannot read.

export type FieldType =
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'Hash128'
  | 'Hash256'
  | 'Amount'
  | 'Blob'
  | 'AccountID'
  | 'STObject'
  | 'STArray'
  | 'PathSet'
  | 'Vector256'
  | 'Issue'

export const typeCodes: Readonly<Record<FieldType, number>> = {
  UInt16: 1,
  UInt32: 2,
  Hash128: 4,
  Hash256: 5,
  Amount: 6,
  Blob: 7,
  AccountID: 8,
  STObject: 14,
  STArray: 15,
  UInt8: 16,
  PathSet: 18,
  Vector256: 19,
  Issue: 24,
}

const byType: Readonly<Record<FieldType, Readonly<Record<string, number>>>> = {
  UInt8: { TickSize: 16 },
  UInt16: { TransactionType: 2, SignerWeight: 3, TransferFee: 4, TradingFee: 5 },
  UInt32: {
    ...{ Flags: 2, SourceTag: 3, Sequence: 4, Expiration: 10, TransferRate: 11, WalletSize: 12, DestinationTag: 14 },
    ...{ QualityIn: 20, QualityOut: 21, OfferSequence: 25, LastLedgerSequence: 27, SetFlag: 33, ClearFlag: 34 },
    ...{ SignerQuorum: 35, CancelAfter: 36, FinishAfter: 37, SettleDelay: 39, TicketCount: 40, TicketSequence: 41 },
    NFTokenTaxon: 42,
  },
  Hash128: { EmailHash: 1 },
  Hash256: {
    ...{ WalletLocator: 7, AccountTxnID: 9, NFTokenID: 10, InvoiceID: 17, Channel: 22, CheckID: 24 },
    ...{ NFTokenBuyOffer: 28, NFTokenSellOffer: 29 },
  },
  Amount: {
    ...{ Amount: 1, Balance: 2, LimitAmount: 3, TakerPays: 4, TakerGets: 5, Fee: 8, SendMax: 9, DeliverMin: 10 },
    ...{ Amount2: 11, BidMin: 12, BidMax: 13, NFTokenBrokerFee: 19, LPTokenOut: 25, LPTokenIn: 26, EPrice: 27 },
  },
  Blob: {
    ...{ PublicKey: 1, MessageKey: 2, SigningPubKey: 3, TxnSignature: 4, URI: 5, Signature: 6, Domain: 7 },
    ...{ MemoType: 12, MemoData: 13, MemoFormat: 14, Fulfillment: 16, Condition: 17 },
  },
  AccountID: {
    ...{ Account: 1, Owner: 2, Destination: 3, Issuer: 4, Authorize: 5, Unauthorize: 6, RegularKey: 8 },
    NFTokenMinter: 9,
  },
  STObject: { Memo: 10, SignerEntry: 11, AuthAccount: 27 },
  STArray: { SignerEntries: 4, Memos: 9, AuthAccounts: 25 },
  PathSet: { Paths: 1 },
  Vector256: { NFTokenOffers: 4, CredentialIDs: 5 },
  Issue: { Asset: 3, Asset2: 4 },
}

export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly number: number
}

export const fields: ReadonlyMap<string, Field> = new Map(
  Object.entries(byType).flatMap(([type, numbers]) =>
    Object.entries(numbers).map(([name, number]) => [name, { name, type: type as FieldType, number }] as const),
  ),
)

export const transactionTypes: Readonly<Record<string, number>> = {
  Payment: 0,
  EscrowCreate: 1,
  EscrowFinish: 2,
  AccountSet: 3,
  EscrowCancel: 4,
  SetRegularKey: 5,
  OfferCreate: 7,
  OfferCancel: 8,
  TicketCreate: 10,
  SignerListSet: 12,
  PaymentChannelCreate: 13,
  PaymentChannelFund: 14,
  PaymentChannelClaim: 15,
  CheckCreate: 16,
  CheckCash: 17,
  CheckCancel: 18,
  DepositPreauth: 19,
  TrustSet: 20,
  AccountDelete: 21,
  NFTokenMint: 25,
  NFTokenBurn: 26,
  NFTokenCreateOffer: 27,
  NFTokenCancelOffer: 28,
  NFTokenAcceptOffer: 29,
  Clawback: 30,
  AMMCreate: 35,
  AMMDeposit: 36,
  AMMWithdraw: 37,
  AMMVote: 38,
  AMMBid: 39,
  AMMDelete: 40,
}
