import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { BadTransaction, nothingAsked } from '../../src/families/family.ts'
import { tron } from '../../src/families/tron/index.ts'
import { idOf } from '../../src/families/tron/raw.ts'
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
import { oracleAddress, oracleHex, oracleOf, oracleSignature, oracleSigned, oracleTransaction } from './oracles/tron.ts'

const network = { name: 'tron', isTestnet: false, chainId: null, decimals: 6 }
const own = 'TK31Bs4p7BZionueRbSrG5ZTfxPyHCLy3a'
const shop = 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'
const [token, other] = [90, 91].map((at) => oracleAddress(keyNumber('tron', at))) as [string, string]
const id = `000000000001beefaabbccddeeff0011${'00'.repeat(16)}`
const block = { bytes: 'beef', hash: 'aabbccddeeff0011', timestamp: 1_700_000_000_000 }
const facts = { ...nothingAsked, tip: { height: 0x1beefn, id, at: block.timestamp } }
const uint256 = (value: bigint) => value.toString(16).padStart(64, '0')
const word = (address: string) => oracleHex(address).slice(2).padStart(64, '0')

describe('addresses of Tron', () => {
  it('are those of tronweb, and of the fixed vector', () => {
    expect(tron.address(publicKeyOf(tron, testKey), network)).toBe(own)
    const { addresses } = vectorsOf('tron')
    expect(addresses.length).toBeGreaterThanOrEqual(20)
    for (const one of addresses) {
      const publicKey = publicKeyOf(tron, bytesOf(one.private_key))
      expect(hexOf(publicKey)).toBe(one.public_key)
      expect(tron.address(publicKey, network)).toBe(one.addresses.tron)
    }
  })

  it('have one form', () => {
    for (const form of [own, oracleHex(own), oracleHex(own).toUpperCase()])
      expect(tron.canonical(form, network)).toBe(own)
    const wrongs = [
      '',
      own.slice(1),
      own.toLowerCase(),
      own.replace('K', 'L'),
      `0x${oracleHex(own).slice(2)}`,
      `42${'0'.repeat(40)}`,
    ]
    for (const wrong of wrongs) expect(() => tron.canonical(wrong, network)).toThrow(BadTransaction)
  })
})

describe('transactions of Tron', () => {
  it('are signed as the vectors of tronweb', () => {
    const { transactions } = vectorsOf('tron')
    expect(transactions.length).toBeGreaterThanOrEqual(20)
    expect(transactions[0]?.tx_hash).toBe('517e80e6d2fd7b2faa778d7edf025315798cde79ad63622885cee5843129a4bc')
    for (const { private_key, signed_tx, tx_hash, ...one } of transactions) {
      const { signed } = signedBy(tron, { ...one, key: bytesOf(private_key) })
      expect(signed).toMatchObject({ text: signed_tx, id: tx_hash })
    }
  })

  it('agree with tronweb in every byte, and as a prebuilt transaction have the same effects', () => {
    fc.assert(
      fc.property(anyTransfer(), isSigned, (wanted, signs) => {
        const { to, amount, memo, feeLimit } = wanted
        const one = asked(wanted)
        const { unsigned, draft } = builtBy(tron, one)
        const made = oracleTransaction({ from: own, ...wanted, block })
        expect(hexOf(unsigned.bytes)).toBe(made.raw_data_hex)
        expect(unsigned.effects).toMatchObject({
          native: wanted.token ? 0n : amount,
          transfers: [{ to, token: wanted.token ?? null, amount }],
          opaque: null,
        })
        expect(unsigned.effects.overhead).toBeGreaterThan(wanted.token ? BigInt(feeLimit) : memo ? 1_000_000n : 0n)
        expect(tron.effects(draft)).toEqual({ ...unsigned.effects, overhead: null })
        const again = builtBy(tron, { ...one, request: { to, value: 0n, fields: { tron_transaction: made } } })
        expect(again.unsigned).toEqual(unsigned)
        if (signs) {
          const { signed } = signedBy(tron, one)
          expect(signed.text).toBe(oracleSigned(made, oracleSignature(made.txID, testKey)))
        }
      }),
      { numRuns: oracleTries },
    )
  })

  it.each([
    [{ to: null }, 'to'],
    [{ to: own }, 'to'],
    [{ value: 0n }, 'value'],
    [{ value: 2n ** 63n }, 'value'],
    [{ fields: { fee_limit_sun: 5 } }, 'fee_limit_sun'],
    [{ fields: { token_mint: token, fee_limit_sun: 15_000_000_001 } }, 'fee_limit_sun'],
    [{ fields: { token_mint: '0x01' } }, 'token_mint'],
    [{ fields: { memo: 'a'.repeat(513) } }, 'memo'],
    [{ fields: { data: '0x01' } }, 'data'],
    [{ fields: { raw_transaction: 'AAAA' } }, 'raw_transaction'],
    [{ fields: { tron_transaction: 'x' } }, 'tron_transaction'],
  ])('with %o are refused', (changes, field) => {
    const request = { to: shop, value: 5n, fields: {}, ...changes }
    expect(() => tron.draft(request, network, own)).toThrow(expect.objectContaining({ field }))
  })

  it('cost what a new address and bytes cost', () => {
    const overhead = (existing: readonly string[]) =>
      builtBy(tron, { ...asked({ to: shop, amount: 5n }), facts: { ...facts, existing } }).unsigned.effects.overhead
    expect((overhead([]) ?? 0n) - (overhead([shop]) ?? 0n)).toBe(1_100_000n)
    expect(overhead([shop])).toBe(
      1_000n * BigInt(64 + signedBy(tron, asked({ to: shop, amount: 5n })).signed.bytes.length),
    )
  })
})

describe('a prebuilt transaction of Tron', () => {
  const made = oracleTransaction({ from: own, to: shop, amount: 5n, memo: 'a', block })
  const call = (data: string, call_value?: number) => {
    const whole = oracleTransaction({ from: own, to: shop, amount: 5n, token, feeLimit: 9, block })
    const [contract] = whole.raw_data.contract
    const value = { ...contract?.parameter.value, data, ...(call_value && { call_value }) }
    return oracleOf({ ...whole.raw_data, contract: [{ ...contract, parameter: { ...contract?.parameter, value } }] })
  }
  const draft = (tron_transaction: unknown, to: string | null = null, value = 0n) =>
    tron.draft({ to, value, fields: { tron_transaction } }, network, own)
  const refused = (transaction: unknown, message: string) => {
    expect(() => draft(transaction)).toThrow(expect.objectContaining({ field: 'tron_transaction' }))
    expect(() => draft(transaction)).toThrow(message)
  }

  it('is refused if what is shown is not what is signed', () => {
    const others = oracleTransaction({ from: own, to: other, amount: 5n, memo: 'a', block })
    refused({ ...made, raw_data: others.raw_data }, 'not the same')
    refused({ ...made, raw_data_hex: others.raw_data_hex }, 'txID')
    refused({ ...made, raw_data_hex: others.raw_data_hex, txID: others.txID }, 'not the same')
    refused({ ...made, txID: others.txID }, 'txID')
    refused({ ...made, raw_data: undefined }, 'not the same')
    refused({ ...made, raw_data: { ...made.raw_data, fee_limit: 1 } }, 'not the same')
    refused({ ...made, raw_data: { ...made.raw_data, expiration: 1 } }, 'not the same')
    refused({ ...made, raw_data: { ...made.raw_data, auths: [] } }, 'not the same')
    refused({ ...made, signature: ['00'] }, 'already signed')
  })

  it('is refused if it is of another owner, or of a type that Pawl does not sign', () => {
    refused(oracleTransaction({ from: shop, to: own, amount: 5n, block }), 'not the address that signs')
    // The contract with one more field: the number of a permission.
    const contract = made.raw_data_hex.slice(made.raw_data_hex.indexOf('5a65') + 4).slice(0, 2 * 0x65)
    const withPermission = made.raw_data_hex.replace(`5a65${contract}`, `5a67${contract}2802`)
    refused({ ...made, raw_data_hex: withPermission, txID: idHex(withPermission) }, 'is not a transfer')
    const vote = made.raw_data_hex.replace(
      Buffer.from('TransferContract').toString('hex'),
      Buffer.from('TransferContracu').toString('hex'),
    )
    refused({ ...made, raw_data_hex: vote, txID: idHex(vote) }, 'is not a transfer')
  })

  it('says what a call of a contract does', () => {
    const unlimited = 2n ** 256n - 1n
    expect(tron.effects(draft(call(`095ea7b3${word(shop)}${uint256(unlimited)}`)))).toMatchObject({
      approvals: [{ spender: shop, token, amount: null }],
      calls: [{ to: token, selector: '0x095ea7b3', function: 'approve(address,uint256)' }],
    })
    expect(tron.effects(draft(call(`23b872dd${word(other)}${word(shop)}${uint256(7n)}`)))).toMatchObject({
      transfers: [{ to: shop, token, amount: 7n }],
    })
    expect(tron.effects(draft(call(`12345678${word(shop)}`, 9)))).toMatchObject({
      native: 9n,
      transfers: [{ to: token, token: null, amount: 9n }],
      opaque: expect.any(String),
    })
  })

  it('must agree with the recipient and the amount of the request', () => {
    expect(() => draft(made, shop, 5n)).not.toThrow()
    expect(() => draft(made, other)).toThrow(expect.objectContaining({ field: 'to' }))
    expect(() => draft(made, null, 4n)).toThrow(expect.objectContaining({ field: 'value' }))
  })

  it('with any byte changed is refused, whatever it then says', () => {
    fc.assert(
      fc.property(fc.nat(made.raw_data_hex.length / 2 - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const mutated = bytesOf(made.raw_data_hex)
        mutated[at] = (mutated[at] as number) ^ change
        const raw_data_hex = hexOf(mutated)
        expect(() => draft({ ...made, raw_data_hex, txID: idHex(raw_data_hex) })).toThrow(BadTransaction)
      }),
      { numRuns: tries(2_000, 2) },
    )
  })
})

const idHex = (raw: string) => hexOf(idOf(bytesOf(raw)))

interface Transfer {
  readonly to: string
  readonly amount: bigint
  readonly feeLimit?: number
  readonly token?: string
  readonly memo?: string
}

function asked({ to, amount, token: token_mint, feeLimit: fee_limit_sun, memo }: Transfer) {
  const fields = { ...(token_mint && { token_mint, fee_limit_sun }), ...(memo && { memo }) }
  return { network, key: testKey, facts, request: { to, value: amount, fields } }
}

function anyTransfer(): fc.Arbitrary<Transfer & { readonly feeLimit: number }> {
  const to = fc.constantFrom(...[50, 51, 52].map((at) => oracleAddress(keyNumber('tron', at))))
  const memo = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  const feeLimit = fc.integer({ min: 1, max: 15_000_000_000 })
  const rest = fc.record({ memo }, { requiredKeys: [] })
  const trx = fc.record({ to, feeLimit, amount: fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }) })
  const tokens = fc.record({
    ...{ to, feeLimit, token: fc.constantFrom(token, other) },
    amount: fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }),
  })
  return fc.tuple(fc.oneof(trx, tokens), rest).map(([one, more]) => ({ ...one, ...more }))
}
