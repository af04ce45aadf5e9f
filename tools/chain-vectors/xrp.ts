import { nothingAsked } from '../../packages/core/src/families/family.ts'
import { xrp } from '../../packages/core/src/families/xrp/index.ts'
import { hexOf, keyNumber, publicKeyOf, type Vectors } from '../../packages/core/test/families/harness.ts'
import { oracleSign, oracleWallet } from '../../packages/core/test/families/oracles/xrp.ts'

const network = { name: 'xrp', isTestnet: false, chainId: null, decimals: 6 }
const walletAt = (number: number) => {
  const key = keyNumber('xrp', number)
  return oracleWallet(key, publicKeyOf(xrp, key))
}
const shop = walletAt(50).address
const issuer = walletAt(51).address
const usd = { currency: 'USD', issuer, value: '12.5' }
const hash = 'AB'.repeat(32)
const Flags = 2147483648

/** Payments as callers ask for them, and every kind of transaction as JSON. */
export function xrpVectors(): Vectors {
  const keys = Array.from({ length: 20 }, (_, at) => keyNumber('xrp', at))
  const fixed = { to: 'rPT1Sjq2YGrBMTttX4GZHjKu9dyfzbpAYe', value: 1_000_000n, fields: {} }
  const payments = [
    ['a payment', fixed, { Destination: fixed.to, Amount: '1000000' }],
    [
      'a payment with a tag',
      { to: shop, value: 5n, fields: { destination_tag: 7 } },
      { Destination: shop, Amount: '5', DestinationTag: 7 },
    ],
    [
      'a payment with a memo',
      { to: shop, value: 99_999_999_999_999_999n, fields: { memo: 'grüße' } },
      {
        Destination: shop,
        Amount: '99999999999999999',
        Memos: [{ Memo: { MemoData: Buffer.from('grüße').toString('hex').toUpperCase() } }],
      },
    ],
  ] as const
  return {
    source: 'xrpl 5.3.0: Wallet.sign. The first payment is the fixed vector.',
    addresses: keys.map((key, at) => ({
      private_key: hexOf(key),
      public_key: hexOf(publicKeyOf(xrp, key)),
      addresses: { xrp: walletAt(at).address, 'xrp-testnet': walletAt(at).address },
    })),
    transactions: [
      ...payments.map(([name, request, json], at) =>
        vector(name, at, request, { TransactionType: 'Payment', Flags, ...json }),
      ),
      ...others.map((json, at) =>
        vector(
          `${json.TransactionType} as JSON`,
          at % 20,
          { to: null, value: 0n, fields: { xrpl_tx_json: json } },
          { Flags, ...json },
        ),
      ),
    ],
  }
}

const others: readonly ({ readonly TransactionType: string } & Record<string, unknown>)[] = [
  { TransactionType: 'Payment', Destination: shop, Amount: usd, SendMax: '15000000', Flags: 131072 },
  {
    ...{ TransactionType: 'Payment', Destination: shop, Amount: '7', SendMax: usd },
    Paths: [[{ account: issuer }, { currency: 'XRP' }], [{ currency: 'EUR', issuer }]],
  },
  { TransactionType: 'TrustSet', LimitAmount: { ...usd, value: '1e15' }, QualityIn: 5 },
  { TransactionType: 'OfferCreate', TakerGets: '1000000', TakerPays: { ...usd, value: '0.0000123' }, Expiration: 789 },
  { TransactionType: 'OfferCancel', OfferSequence: 3 },
  { TransactionType: 'AccountSet', SetFlag: 8, Domain: '6578616D706C65', TickSize: 5, EmailHash: 'CD'.repeat(16) },
  { TransactionType: 'AccountDelete', Destination: shop, Fee: '2000000' },
  { TransactionType: 'EscrowCreate', Destination: shop, Amount: '5', FinishAfter: 800, CancelAfter: 900 },
  { TransactionType: 'EscrowFinish', Owner: shop, OfferSequence: 7 },
  { TransactionType: 'EscrowCancel', Owner: shop, OfferSequence: 7 },
  {
    TransactionType: 'PaymentChannelCreate',
    Destination: shop,
    Amount: '5',
    SettleDelay: 60,
    PublicKey: `ED${'11'.repeat(32)}`,
  },
  { TransactionType: 'PaymentChannelFund', Channel: hash, Amount: '9' },
  { TransactionType: 'PaymentChannelClaim', Channel: hash, Balance: '4', Amount: '4' },
  { TransactionType: 'NFTokenMint', NFTokenTaxon: 0, URI: '697066733A2F2F78', TransferFee: 314, Flags: 8 },
  { TransactionType: 'NFTokenBurn', NFTokenID: hash },
  { TransactionType: 'NFTokenCreateOffer', NFTokenID: hash, Owner: shop, Amount: '8' },
  { TransactionType: 'NFTokenAcceptOffer', NFTokenSellOffer: hash },
  { TransactionType: 'NFTokenCancelOffer', NFTokenOffers: [hash, 'EF'.repeat(32)] },
  { TransactionType: 'AMMCreate', Amount: '10', Amount2: usd, TradingFee: 12, Fee: '200000' },
  {
    TransactionType: 'AMMDeposit',
    Asset: { currency: 'XRP' },
    Asset2: { currency: 'USD', issuer },
    Amount: '10',
    Flags: 524288,
  },
  {
    TransactionType: 'AMMWithdraw',
    Asset: { currency: 'XRP' },
    Asset2: { currency: 'USD', issuer },
    Amount: '10',
    Flags: 524288,
  },
  {
    ...{ TransactionType: 'AMMBid', Asset: { currency: 'XRP' }, Asset2: { currency: 'USD', issuer } },
    ...{
      BidMax: { currency: `03${'9'.repeat(38)}`, issuer, value: '100' },
      AuthAccounts: [{ AuthAccount: { Account: shop } }],
    },
  },
  { TransactionType: 'AMMVote', Asset: { currency: 'XRP' }, Asset2: { currency: 'USD', issuer }, TradingFee: 600 },
  { TransactionType: 'AMMDelete', Asset: { currency: 'XRP' }, Asset2: { currency: 'USD', issuer } },
  { TransactionType: 'SetRegularKey', RegularKey: shop },
  {
    ...{ TransactionType: 'SignerListSet', SignerQuorum: 2 },
    SignerEntries: [shop, issuer].map((Account) => ({ SignerEntry: { Account, SignerWeight: 1 } })),
  },
  { TransactionType: 'DepositPreauth', Authorize: shop },
  { TransactionType: 'CheckCreate', Destination: shop, SendMax: '3', InvoiceID: hash },
  { TransactionType: 'CheckCash', CheckID: hash, Amount: '3' },
  { TransactionType: 'CheckCancel', CheckID: hash },
  { TransactionType: 'TicketCreate', TicketCount: 2 },
  { TransactionType: 'Clawback', Amount: { ...usd, issuer: shop } },
]

function vector(name: string, at: number, request: Vectors['transactions'][number]['request'], json: object) {
  const wallet = walletAt(at)
  const complete = { Account: wallet.address, Fee: '12', Sequence: at + 1, LastLedgerSequence: 100 + at, ...json }
  const { signed, id } = oracleSign(wallet, complete)
  const account = { model: 'counter' as const, next: BigInt(at + 1) }
  const facts = { ...nothingAsked, account, tip: { height: BigInt(80 + at), id: hash, at: 0 } }
  return { name, network, private_key: hexOf(keyNumber('xrp', at)), request, facts, signed_tx: signed, tx_hash: id }
}
