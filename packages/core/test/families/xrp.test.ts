import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadTransaction, nothingAsked } from '../../src/families/family.ts'
import { serialize } from '../../src/families/xrp/codec.ts'
import { xrp } from '../../src/families/xrp/index.ts'
import { effectsOfJson } from '../../src/families/xrp/reading.ts'
import { transactionTypes } from '../../src/families/xrp/table.ts'
import {
  builtBy,
  bytesOf,
  hexOf,
  isSigned,
  keyNumber,
  oracleTries,
  publicKeyOf,
  signedBy,
  testKey,
  vectorsOf,
} from './harness.ts'
import { oracleDecode, oracleEncode, oracleSign, oracleWallet, oracleXAddress } from './oracles/xrp.ts'

const network = { name: 'xrp', isTestnet: false, chainId: null, decimals: 6 }
const testnet = { ...network, name: 'xrp-testnet', isTestnet: true }
const own = 'rG1Qv8ug3DCe3NTGgroUXsbCJBJvrJh4qY'
const wallet = oracleWallet(testKey, publicKeyOf(xrp, testKey))
const addressAt = (number: number) => {
  const key = keyNumber('xrp', number)
  return oracleWallet(key, publicKeyOf(xrp, key)).address
}
const [shop, other, issuer] = [50, 52, 51].map(addressAt) as [string, string, string]
const usd = { currency: 'USD', issuer, value: '12.5' }
const hash = 'AB'.repeat(32)
const facts = {
  ...nothingAsked,
  account: { model: 'counter' as const, next: 7n },
  tip: { height: 80n, id: hash, at: 0 },
}

describe('addresses of the XRP Ledger', () => {
  it('are those of xrpl for Ed25519 keys, and of the fixed vector', () => {
    expect(xrp.address(publicKeyOf(xrp, testKey), network)).toBe(own)
    const { addresses } = vectorsOf('xrp')
    expect(addresses.length).toBeGreaterThanOrEqual(20)
    for (const one of addresses) {
      const publicKey = publicKeyOf(xrp, bytesOf(one.private_key))
      expect(hexOf(publicKey)).toBe(one.public_key)
      expect(xrp.address(publicKey, network)).toBe(one.addresses.xrp)
    }
  })

  it('are classic, and X-addresses only of their own network', () => {
    expect(xrp.canonical(own, network)).toBe(own)
    for (const tag of [false, 0, 7, 2 ** 32 - 1] as const) {
      expect(xrp.canonical(oracleXAddress(shop, tag, false), network)).toBe(shop)
      expect(xrp.canonical(oracleXAddress(shop, tag, true), testnet)).toBe(shop)
      expect(() => xrp.canonical(oracleXAddress(shop, tag, true), network)).toThrow(BadTransaction)
      expect(() => xrp.canonical(oracleXAddress(shop, tag, false), testnet)).toThrow(BadTransaction)
    }
    for (const wrong of ['', own.toLowerCase(), own.slice(0, -1), `${own}r`, own.replace('G', 'H'), '0'.repeat(34)]) {
      expect(() => xrp.canonical(wrong, network)).toThrow(BadTransaction)
    }
  })
})

describe('transactions of the XRP Ledger', () => {
  it('are signed as the vectors of xrpl, of every type', () => {
    const { transactions } = vectorsOf('xrp')
    expect(transactions[0]?.tx_hash).toBe('9BCA7EF52761546979C281DB1A73B520FF24A2E763577B337046C20186A5D3C7')
    const seen = new Set<string | null>()
    for (const { private_key, signed_tx, tx_hash, ...one } of transactions) {
      const { signed, unsigned } = signedBy(xrp, { ...one, key: bytesOf(private_key) })
      expect(signed).toMatchObject({ text: signed_tx, id: tx_hash })
      seen.add(unsigned.effects.ledgerType)
    }
    expect([...seen].sort()).toEqual(Object.keys(transactionTypes).sort())
  })

  it('pay the sequence and the fee of the node, and end after 20 ledgers', () => {
    const fees = { model: 'size' as const, perTransaction: 15n, perKilobyte: 0n }
    const built = builtBy(xrp, { ...asked({ to: shop, value: 5n }), facts: { ...facts, fees } })
    expect(built.unsigned.json).toMatchObject({ Sequence: 7, Fee: '15', LastLedgerSequence: 100, Flags: 2147483648 })
    expect(xrp.effects(built.draft).overhead).toBeNull()
    expect(built.unsigned.effects).toMatchObject({ native: 5n, overhead: 15n, ledgerType: 'Payment', opaque: null })
  })

  it('of less than the reserve go only to addresses that are on the ledger', () => {
    const small = asked({ to: shop, value: 999_999n })
    const existing = xrp.lookups?.(builtBy(xrp, small).draft) ?? []
    expect(existing).toEqual([shop])
    expect(builtBy(xrp, { ...small, facts: { ...facts, existing } }).unsigned.effects.native).toBe(999_999n)
    const refused = () => builtBy(xrp, { ...small, facts: { ...facts, existing: [] } })
    expect(refused).toThrow(
      expect.objectContaining({ field: 'value', message: expect.stringMatching(/1000000 drops/) }),
    )
    const enough = asked({ to: shop, value: 1_000_000n })
    expect(xrp.lookups?.(builtBy(xrp, enough).draft)).toEqual([])
  })

  it('payments agree with xrpl in every byte, and as JSON have the same effects', () => {
    fc.assert(
      fc.property(anyPayment(), isSigned, (request, signs) => {
        const one = asked(request)
        const { unsigned, draft } = builtBy(xrp, one)
        expect(hexOf(unsigned.toSign[0] as Uint8Array)).toBe(`53545800${oracleEncode(unsigned.json).toLowerCase()}`)
        const to = xrp.canonical(request.to, network)
        expect(unsigned.effects).toMatchObject({
          native: request.value,
          transfers: [{ to, token: null, amount: request.value }],
          overhead: 12n,
        })
        const { SigningPubKey, ...json } = unsigned.json
        const again = builtBy(xrp, asked({ to: null, value: 0n, fields: { xrpl_tx_json: json } }))
        expect(again.unsigned).toEqual(unsigned)
        expect(xrp.effects(again.draft)).toEqual({ ...xrp.effects(draft), overhead: 12n })
        if (signs) {
          const { signed } = signedBy(xrp, one)
          expect({ signed: signed.text, id: signed.id }).toEqual(oracleSign(wallet, withoutKey(unsigned.json)))
        }
      }),
      { numRuns: oracleTries },
    )
  })

  it('of any type and with any members are the bytes that xrpl writes', () => {
    fc.assert(
      fc.property(anyJson(), (json) => {
        expect(hexOf(serialize(json)).toUpperCase()).toBe(oracleEncode(json))
      }),
      { numRuns: oracleTries },
    )
  })

  it('with a member changed are refused, or have the effects that xrpl reads in their bytes', () => {
    fc.assert(
      fc.property(anyJson(), fc.constantFrom(...memberNames), anyValue(), (json, name, value) => {
        const changed = { ...json, [name]: value }
        try {
          const draft = xrp.draft({ to: null, value: 0n, fields: { xrpl_tx_json: changed } }, network, own)
          const read = oracleDecode(hexOf(serialize(draft.json)).toUpperCase())
          expect(read.Account).toBe(own)
          expect(effectsOfJson(read)).toEqual(xrp.effects(draft))
        } catch (error) {
          expect(error).toBeInstanceOf(BadTransaction)
        }
      }),
      { numRuns: oracleTries },
    )
  })

  it.each([
    [{ to: null }, 'to'],
    [{ to: own }, 'to'],
    [{ to: own.toLowerCase() }, 'to'],
    [{ value: 0n }, 'value'],
    [{ value: 10n ** 17n + 1n }, 'value'],
    [{ fields: { destination_tag: 2 ** 32 } }, 'destination_tag'],
    [{ to: oracleXAddress(shop, 7, false), fields: { destination_tag: 8 } }, 'destination_tag'],
    [{ fields: { memo: 'a'.repeat(901) } }, 'memo'],
    [{ fields: { data: '0x01' } }, 'data'],
    [{ fields: { token_mint: 'USD.r' } }, 'token_mint'],
    [{ fields: { raw_transaction: 'AAAA' } }, 'raw_transaction'],
    [{ fields: { xrpl_tx_json: '{}' } }, 'xrpl_tx_json'],
    [{ fields: { xrpl_tx_json: { TransactionType: 'Batch' } } }, 'xrpl_tx_json'],
    [{ fields: { xrpl_tx_json: { TransactionType: 'toString' } } }, 'xrpl_tx_json'],
  ])('with %o are refused', (changes, field) => {
    const request = { to: shop, value: 5n, fields: {}, ...changes }
    expect(() => xrp.draft(request, network, own)).toThrow(expect.objectContaining({ field }))
  })

  it.each([
    ['of another account', { Account: shop }],
    ['with a signature', { TxnSignature: 'AB' }],
    ['with signers', { Signers: [] }],
    ['with a key', { SigningPubKey: 'AB' }],
    ['with a delegate', { Delegate: shop }],
    ['with a burning fee', { Fee: '2000001' }],
    ['with a fee that is no amount of XRP', { Fee: { ...usd } }],
    ['with an X-address', { Destination: oracleXAddress(shop, 7, false) }],
    ['with a negative number', { Sequence: -1 }],
    ['with an amount of too many digits', { Amount: { ...usd, value: '1.0000000000000001' } }],
    ['with an amount as a number', { Amount: 5 }],
  ])('%s are refused', (_, changes) => {
    const json = { TransactionType: 'Payment', Destination: shop, Amount: '5', ...changes }
    const draft = () => xrp.draft({ to: null, value: 0n, fields: { xrpl_tx_json: json } }, network, own)
    expect(draft).toThrow(expect.objectContaining({ field: 'xrpl_tx_json' }))
  })
})

describe('the effects of a transaction of the XRP Ledger', () => {
  const effectsOf = (json: object) =>
    xrp.effects(xrp.draft({ to: null, value: 0n, fields: { xrpl_tx_json: json } }, network, own))
  const token = `USD.${issuer}`
  const asset = { Asset: { currency: 'XRP' }, Asset2: { currency: 'USD', issuer } }

  it.each([
    [
      { TransactionType: 'Payment', Destination: shop, Amount: '5', SendMax: '9', Flags: 131072 },
      9n,
      [{ to: shop, amount: 9n }],
    ],
    [
      { TransactionType: 'Payment', Destination: shop, Amount: '5', SendMax: usd },
      0n,
      [{ token }, { token: null, amount: 5n }],
    ],
    [{ TransactionType: 'Payment', Destination: shop, Amount: usd, SendMax: '9' }, 9n, [{ token: null }, { token }]],
    [{ TransactionType: 'Payment', Destination: shop, Amount: usd }, 0n, [{ to: shop, token, amount: null }]],
    [{ TransactionType: 'EscrowCreate', Destination: shop, Amount: '5' }, 5n, [{ to: shop }]],
    [{ TransactionType: 'PaymentChannelCreate', Destination: shop, Amount: '5' }, 5n, [{ to: shop }]],
    [{ TransactionType: 'PaymentChannelFund', Channel: hash, Amount: '5' }, 5n, [{ to: 'anyone' }]],
    [{ TransactionType: 'CheckCreate', Destination: shop, SendMax: '5' }, 5n, [{ to: shop }]],
    [{ TransactionType: 'OfferCreate', TakerGets: '5', TakerPays: usd }, 5n, [{ to: 'anyone', amount: 5n }, { token }]],
    [
      { TransactionType: 'OfferCreate', TakerGets: usd, TakerPays: '5' },
      0n,
      [{ to: 'anyone', token }, { token: null }],
    ],
    [{ TransactionType: 'AMMCreate', Amount: '5', Amount2: usd, TradingFee: 1 }, 5n, [{ token: null }, { token }]],
    [{ TransactionType: 'AMMDeposit', ...asset, Amount: '5', Flags: 524288 }, 5n, [{ to: 'anyone' }]],
    [
      { TransactionType: 'NFTokenCreateOffer', Owner: shop, NFTokenID: hash, Amount: '5' },
      5n,
      [{ to: shop, amount: 5n }],
    ],
    [
      { TransactionType: 'NFTokenCreateOffer', NFTokenID: hash, Amount: '0', Flags: 1, Destination: shop },
      0n,
      [{ to: shop, token: hash, amount: 1n }],
    ],
    [{ TransactionType: 'PaymentChannelClaim', Channel: hash, Amount: '5' }, 0n, []],
    [{ TransactionType: 'CheckCash', CheckID: hash, Amount: '5' }, 0n, []],
  ])('%o', (json, native, transfers) => {
    expect(effectsOf(json)).toMatchObject({ native, transfers, ledgerType: json.TransactionType, opaque: null })
  })

  it('that only the ledger knows are opaque', () => {
    for (const json of [
      { TransactionType: 'AccountDelete', Destination: shop, Fee: '200000' },
      { TransactionType: 'NFTokenAcceptOffer', NFTokenSellOffer: hash },
      { TransactionType: 'AMMDeposit', ...asset, LPTokenOut: usd, Flags: 65536 },
      { TransactionType: 'AMMBid', ...asset },
    ]) {
      expect(effectsOf(json).opaque).toEqual(expect.any(String))
    }
  })

  it('name who may sign for the account from then on', () => {
    expect(effectsOf({ TransactionType: 'SetRegularKey', RegularKey: shop }).delegates).toEqual([shop])
    const SignerEntries = [shop, other].map((Account) => ({ SignerEntry: { Account, SignerWeight: 1 } }))
    expect(effectsOf({ TransactionType: 'SignerListSet', SignerQuorum: 1, SignerEntries }).delegates).toEqual([
      shop,
      other,
    ])
  })

  it('must agree with the recipient and the amount of the request', () => {
    const json = { TransactionType: 'EscrowCreate', Destination: shop, Amount: '5' }
    const draft = (to: string | null, value: bigint) => () =>
      xrp.draft({ to, value, fields: { xrpl_tx_json: json } }, network, own)
    expect(draft(shop, 5n)).not.toThrow()
    expect(draft(other, 0n)).toThrow(expect.objectContaining({ field: 'to' }))
    expect(draft(null, 4n)).toThrow(expect.objectContaining({ field: 'value' }))
  })
})

function withoutKey({ SigningPubKey, ...json }: Readonly<Record<string, unknown>>) {
  return json
}

function asked(request: { readonly to: string | null; readonly value: bigint; readonly fields?: object }) {
  return { network, key: testKey, facts, request: { fields: {}, ...request } as Parameters<typeof xrp.draft>[0] }
}

const addresses = [50, 51, 52, 53].map(addressAt)

function anyPayment() {
  const to = fc.constantFrom(...addresses, oracleXAddress(shop, false, false), oracleXAddress(other, 0, false))
  const fields = fc.record({ memo: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }) }, { requiredKeys: [] })
  return fc.record({ to, value: fc.bigInt({ min: 1n, max: 10n ** 17n }), fields })
}

const anyAddress = fc.constantFrom(...addresses)
const anyDrops = fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String)
const anyNumber = fc.nat(0xffffffff)
const anyHex = (min: number, max = min) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((bytes) => hexOf(bytes).toUpperCase())
const anyCurrency = fc.oneof(
  fc.constantFrom('USD', 'EUR', 'a$1', 'x|y'),
  anyHex(19).map((text) => `03${text}`),
)
const anyIssued = fc.record({
  currency: anyCurrency,
  issuer: anyAddress,
  value: fc
    .tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 10n ** 16n - 1n }), fc.integer({ min: -80, max: 60 }))
    .map(([isNegative, digits, power]) => `${isNegative ? '-' : ''}${digits}e${power}`),
})
const anyAmount = fc.oneof(anyDrops, anyIssued)
const anyAsset = fc.oneof(fc.constant({ currency: 'XRP' }), fc.record({ currency: anyCurrency, issuer: anyAddress }))

const members: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...{
    Flags: anyNumber,
    SourceTag: anyNumber,
    DestinationTag: anyNumber,
    OfferSequence: anyNumber,
    CancelAfter: anyNumber,
  },
  ...{ FinishAfter: anyNumber, TicketSequence: anyNumber, SetFlag: anyNumber, LastLedgerSequence: anyNumber },
  ...{ TickSize: fc.nat(255), TransferFee: fc.nat(65535), TradingFee: fc.nat(65535), EmailHash: anyHex(16) },
  ...{ InvoiceID: anyHex(32), Channel: anyHex(32), NFTokenID: anyHex(32), NFTokenSellOffer: anyHex(32) },
  ...{ Amount: anyAmount, SendMax: anyAmount, TakerGets: anyAmount, TakerPays: anyAmount, Amount2: anyAmount },
  ...{ LimitAmount: anyIssued, BidMax: anyIssued, LPTokenOut: anyIssued, Balance: anyDrops },
  ...{ URI: anyHex(1, 300), Domain: anyHex(1, 40), PublicKey: anyHex(33), Fulfillment: anyHex(1, 200) },
  ...{ Destination: anyAddress, Owner: anyAddress, RegularKey: anyAddress, Authorize: anyAddress },
  ...{ Asset: anyAsset, Asset2: anyAsset, NFTokenOffers: fc.array(anyHex(32), { minLength: 1, maxLength: 5 }) },
  Memos: fc.array(
    fc.record({ Memo: fc.record({ MemoData: anyHex(1, 30), MemoType: anyHex(1, 9) }, { requiredKeys: ['MemoData'] }) }),
    { minLength: 1, maxLength: 3 },
  ),
  SignerEntries: fc.array(fc.record({ SignerEntry: fc.record({ Account: anyAddress, SignerWeight: fc.nat(65535) }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  Paths: fc.array(
    fc.array(fc.oneof(fc.record({ account: anyAddress }), fc.record({ currency: anyCurrency, issuer: anyAddress })), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 3 },
  ),
}
const memberNames = [...Object.keys(members), 'Fee', 'Account', 'TransactionType', 'Signers', 'Delegate', 'Sequence']

function anyJson() {
  return fc
    .record({
      TransactionType: fc.constantFrom(...Object.keys(transactionTypes)),
      Fee: fc.bigInt({ min: 10n, max: 2_000_000n }).map(String),
      Sequence: anyNumber,
      chosen: fc
        .subarray(Object.keys(members), { maxLength: 8 })
        .chain((names) =>
          fc.record(Object.fromEntries(names.map((name) => [name, members[name] as fc.Arbitrary<unknown>]))),
        ),
    })
    .map(({ chosen, ...rest }) => ({ ...rest, Account: own, ...chosen }))
}

function anyValue() {
  return fc.oneof(
    ...Object.values(members),
    fc.jsonValue(),
    anyAddress,
    anyDrops,
    fc.constantFrom('Payment', 'SetRegularKey'),
  )
}
