import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { addressBytes } from '../../src/families/cardano/addresses.ts'
import { encodeBody, readTransaction } from '../../src/families/cardano/body.ts'
import { leastCoin } from '../../src/families/cardano/coins.ts'
import { cardano } from '../../src/families/cardano/index.ts'
import { BadTransaction, nothingAsked } from '../../src/families/family.ts'
import type { ChainOutput } from '../../src/ports/chain.ts'
import {
  builtBy,
  bytesOf,
  type Case,
  hexOf,
  isSigned,
  keyNumber,
  oracleTries,
  publicKeyOf,
  signedBy,
  testKey,
  vectorsOf,
} from './harness.ts'
import {
  oracleAddress,
  oracleBaseAddress,
  oracleBody,
  oracleFee,
  oracleLeastCoin,
  oracleRead,
  oracleSign,
  oracleUnsigned,
} from './oracles/cardano.ts'

const main = { name: 'cardano', isTestnet: false, chainId: null, decimals: 6 }
const preprod = { ...main, name: 'cardano-preprod', isTestnet: true }
const own = 'addr1vyxst3dzgs3gvqu24ufqtf927sdza8pmk8p5jcke3e362pq7szefx'
const shop = oracleAddress(keyNumber('cardano', 50), false)
const shopBase = oracleBaseAddress(keyNumber('cardano', 50), keyNumber('cardano', 51), false)
const other = oracleAddress(keyNumber('cardano', 52), false)
const tokens = ['ab'.repeat(28), '0c'.repeat(28)].flatMap((policy) =>
  ['', '62', '616161'].map((name) => `${policy}.${name}`),
)
const [token] = tokens as [string]
const tip = { height: 500n, id: '', at: 0 }

describe('addresses of Cardano', () => {
  it('are those of cardano-serialization-lib, and of the fixed vectors', () => {
    expect(cardano.address(publicKeyOf(cardano, testKey), main)).toBe(own)
    expect(cardano.address(publicKeyOf(cardano, testKey), preprod)).toBe(
      'addr_test1vqxst3dzgs3gvqu24ufqtf927sdza8pmk8p5jcke3e362pq9ck9xr',
    )
    const { addresses } = vectorsOf('cardano')
    expect(addresses.length).toBeGreaterThanOrEqual(20)
    for (const one of addresses) {
      const publicKey = publicKeyOf(cardano, bytesOf(one.private_key))
      expect(hexOf(publicKey)).toBe(one.public_key)
      for (const network of [main, preprod])
        expect(cardano.address(publicKey, network)).toBe(one.addresses[network.name])
    }
  })

  it('have one form, and only on their own network', () => {
    for (const address of [own, shop, shopBase]) {
      expect(cardano.canonical(address, main)).toBe(address)
      expect(cardano.canonical(address.toUpperCase(), main)).toBe(address)
      expect(() => cardano.canonical(address, preprod)).toThrow(BadTransaction)
    }
    const test = oracleAddress(testKey, true)
    expect(() => cardano.canonical(test, main)).toThrow(BadTransaction)
    const wrongs = [
      '',
      own.slice(0, -1),
      own.replace('v', 'V'),
      test.replace('addr_test', 'addr'),
      'stake1u9ylzsgxaa6xctf4juup682ar3juj85n8tx3hthnljg47zctvm3rc',
    ]
    for (const wrong of wrongs) expect(() => cardano.canonical(wrong, main)).toThrow(BadTransaction)
  })
})

describe('payments on Cardano', () => {
  it('are signed as the vectors of cardano-serialization-lib', () => {
    const { transactions } = vectorsOf('cardano')
    expect(transactions.length).toBeGreaterThanOrEqual(20)
    for (const { private_key, signed_tx, tx_hash, ...one } of transactions) {
      const { signed } = signedBy(cardano, { ...one, key: bytesOf(private_key) })
      expect(signed).toMatchObject({ text: signed_tx, id: tx_hash })
    }
  })

  it('have the fixed body', () => {
    const address = addressBytes(oracleAddress(testKey, true), preprod)
    const output = { address, coin: 2_000_000n, tokens: {} }
    const body = {
      inputs: [{ transactionId: '01'.repeat(32), index: 0 }],
      outputs: [output],
      fee: 170_000n,
      ttl: 1_000n,
    }
    expect(hexOf(encodeBody(body))).toBe(
      `a400d9010281825820${'01'.repeat(32)}00018182581d${hexOf(address)}1a001e8480021a00029810031903e8`,
    )
    expect(oracleSign(hexOf(encodeBody(body)), testKey).id).toBe(
      'dbc54c994cd82c49175ccedfabb44bfb6028d3f3cb61042cdb290c81da19e634',
    )
  })

  it('agree with cardano-serialization-lib in every byte, pay its fee, and lose no coin and no token', () => {
    fc.assert(
      fc.property(anyPayment(), isSigned, (one, signs) => {
        const { unsigned, draft } = built(one)
        if (!unsigned) return
        const { body } = readTransaction(bare(unsigned.body))
        expect(hexOf(unsigned.body)).toBe(oracleBody(body).to_hex())
        const spent = outputsOf(one).filter(({ transactionId, index }) =>
          unsigned.spends.includes(`${transactionId}:${index}`),
        )
        expect(sumOf(body.outputs, body.fee)).toEqual(sumOf(spent.map(({ value: coin, tokens }) => ({ coin, tokens }))))
        for (const output of body.outputs) expect(output.coin).toBeGreaterThanOrEqual(oracleLeastCoin(output))
        const { effects } = unsigned
        expect({ ...effects, overhead: null }).toEqual(cardano.effects(draft))
        expect(effects.transfers).toEqual([
          { to: one.request.to, token: one.request.fields.token_mint ?? null, amount: one.request.value },
        ])
        if (signs) {
          const { signed } = signedBy(cardano, one)
          expect({ signed: signed.text, id: signed.id }).toEqual(oracleSign(hexOf(unsigned.body), one.key))
          const least = oracleFee(signed.text)
          expect(body.fee).toBeGreaterThanOrEqual(least)
          if (body.outputs.length > 1) expect(body.fee - least).toBeLessThan(44n * 8n)
        }
      }),
      { numRuns: oracleTries },
    )
  })

  it('as prebuilt transactions have the same effects and the same signed bytes', () => {
    fc.assert(
      fc.property(anyPayment(), (one) => {
        const { unsigned } = built(one)
        if (!unsigned) return
        const hex = oracleUnsigned(oracleBody(readTransaction(bare(unsigned.body)).body))
        const raw_transaction = Buffer.from(hex, 'hex').toString('base64')
        const again = builtBy(cardano, {
          ...one,
          request: { to: one.request.to, value: 0n, fields: { raw_transaction } },
        })
        expect(again.unsigned).toEqual(unsigned)
        expect(cardano.effects(again.draft)).toEqual(unsigned.effects)
      }),
      { numRuns: tries(200, 2) },
    )
  })

  it('need the coins that the ledger asks for each output', () => {
    for (const address of [shop, shopBase]) {
      for (const chosen of [[], tokens.slice(0, 1), tokens]) {
        const held = Object.fromEntries(chosen.map((one) => [one, 2n ** 40n]))
        const output = { address: addressBytes(address, main), coin: 0n, tokens: held }
        expect(leastCoin(output)).toBe(oracleLeastCoin(output))
      }
    }
  })

  it.each([
    [{ value: 800_000n }, 'value'],
    [{ value: 10n ** 12n }, 'value'],
    [{ to: null }, 'to'],
    [{ to: oracleAddress(testKey, true) }, 'to'],
    [{ fields: { memo: 'x' } }, 'memo'],
    [{ fields: { token_mint: 'ada' } }, 'token_mint'],
    [{ value: 5n, fields: { token_mint: token } }, 'value'],
    [{ fields: { ttl: 500 } }, 'ttl'],
    [{ fields: { ttl: -1 } }, 'ttl'],
    [{ fields: { raw_transaction: 'AAAA' } }, 'raw_transaction'],
  ])('with %o are refused', (changes, field) => {
    const request = { to: shop, value: 2_000_000n, fields: {}, ...changes }
    const facts = { ...nothingAsked, tip, account: accountOf([coin(10_000_000n, 0)]) }
    expect(() => builtBy(cardano, { network: main, key: testKey, request, facts })).toThrow(
      expect.objectContaining({ field }),
    )
  })

  it('give a rest that is too small for an output to the fee only if no output is left', () => {
    const request = { to: shop, value: 2_000_000n, fields: {} }
    const fee = (...values: bigint[]) => {
      const facts = { ...nothingAsked, tip, account: accountOf(values.map((value, at) => coin(value, at))) }
      return builtBy(cardano, { network: main, key: testKey, request, facts }).unsigned.effects.overhead ?? 0n
    }
    expect(fee(2_500_000n)).toBe(500_000n)
    expect(fee(2_500_000n, 2_400_000n)).toBeLessThan(200_000n)
  })
})

describe('a prebuilt transaction of Cardano', () => {
  const facts = { ...nothingAsked, tip, account: accountOf([coin(10_000_000n, 0, { [token]: 9n })]) }
  const request = { to: shop, value: 5n, fields: { token_mint: token } }
  const { unsigned } = builtBy(cardano, { network: main, key: testKey, request, facts })
  const draft = (bytes: Uint8Array, to: string | null = null, value = 0n) =>
    cardano.draft({ to, value, fields: { raw_transaction: Buffer.from(bytes).toString('base64') } }, main, own)
  const changed = (from: string, to: string) => bytesOf(hexOf(bare(unsigned.body)).replace(from, to))

  it('is refused with anything but a payment', () => {
    expect(() => draft(bare(unsigned.body))).not.toThrow()
    for (const bytes of [
      [...changed('a400', 'a500').slice(0, -3), 0x16, 0x01, 0xa0, 0xf5, 0xf6],
      changed('a0f5f6', 'a0f4f6'),
      changed('a0f5f6', 'a100d9010280f5f6'),
      changed('a0f5f6', 'a0f5a0'),
      changed('d90102', 'd90103'),
      [...bare(unsigned.body), 0],
    ]) {
      expect(() => draft(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ field: 'raw_transaction' }))
    }
  })

  it('is refused if it spends outputs that the node does not know, or burns money', () => {
    const raw_transaction = Buffer.from(bare(unsigned.body)).toString('base64')
    const one = { network: main, key: testKey, request: { to: null, value: 0n, fields: { raw_transaction } } }
    const foreign = { ...facts, account: accountOf([coin(10_000_000n, 1)]) }
    expect(() => builtBy(cardano, { ...one, facts: foreign })).toThrow('no unspent output')
    expect(() => builtBy(cardano, { ...one, facts: nothingAsked })).toThrow(expect.objectContaining({ field: 'chain' }))
    const { body } = readTransaction(bare(unsigned.body))
    expect(() => draft(bare(encodeBody({ ...body, fee: 2_000_001n })))).toThrow('must have a fee')
  })

  it('must agree with the recipient and the amount of the request', () => {
    expect(() => draft(bare(unsigned.body), shop)).not.toThrow()
    expect(() => draft(bare(unsigned.body), other)).toThrow(expect.objectContaining({ field: 'to' }))
    expect(() => draft(bare(unsigned.body), null, 7n)).toThrow(expect.objectContaining({ field: 'value' }))
  })

  it('with any byte changed is refused, or its payments are those that the library reads', () => {
    const bytes = bare(unsigned.body)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const mutated = Uint8Array.from(bytes)
        mutated[at] = (mutated[at] as number) ^ change
        try {
          const { native, overhead } = cardano.effects(draft(mutated))
          const paid = oracleRead(hexOf(mutated)).filter(({ to }) => to !== own)
          const { fee } = readTransaction(mutated).body
          expect(native + (overhead ?? 0n) - fee).toBe(paid.reduce((sum, { coin }) => sum + coin, 0n))
        } catch (error) {
          expect(error).toBeInstanceOf(BadTransaction)
        }
      }),
      { numRuns: tries(2_000, 2) },
    )
  })
})

function bare(body: Uint8Array): Uint8Array {
  return Uint8Array.of(0x84, ...body, 0xa0, 0xf5, 0xf6)
}

function coin(value: bigint, at: number, tokens: Readonly<Record<string, bigint>> = {}): ChainOutput {
  return { transactionId: hexOf(keyNumber('cardano/coin', at + 1)), index: at % 3, value, tokens }
}

function accountOf(outputs: readonly ChainOutput[]) {
  return { model: 'outputs' as const, outputs }
}

function outputsOf({ facts }: Case): readonly ChainOutput[] {
  return facts.account?.model === 'outputs' ? facts.account.outputs : []
}

/** Null where the outputs are not enough, which is for other tests. */
function built(one: Case) {
  try {
    return builtBy(cardano, one)
  } catch (error) {
    if (error instanceof BadTransaction && error.field === 'value') return { unsigned: null, draft: null }
    throw error
  }
}

function sumOf(all: readonly { readonly coin: bigint; readonly tokens: Readonly<Record<string, bigint>> }[], fee = 0n) {
  const sums: Record<string, bigint> = { coin: fee }
  for (const { coin, tokens } of all) {
    for (const [name, amount] of Object.entries({ ...tokens, coin })) sums[name] = (sums[name] ?? 0n) + amount
  }
  return sums
}

function anyPayment(): fc.Arbitrary<Case> {
  const held = fc.array(fc.tuple(fc.constantFrom(...tokens), fc.bigInt({ min: 1n, max: 10n ** 12n })), { maxLength: 4 })
  const coins = fc.array(fc.tuple(fc.bigInt({ min: 1_500_000n, max: 10n ** 10n }), held), {
    minLength: 1,
    maxLength: 5,
  })
  const about = { key: fc.constantFrom(testKey, keyNumber('cardano', 1)), to: fc.constantFrom(shop, shopBase, other) }
  return fc
    .record({ ...about, coins, isToken: fc.boolean(), part: fc.integer({ min: 1, max: 1_000 }) })
    .map(({ key, to, coins, isToken, part }) => {
      const outputs = coins.map(([value, inside], at) => coin(value, at, Object.fromEntries(inside)))
      const kinds = outputs.flatMap((one) => Object.keys(one.tokens))
      const token_mint = isToken ? kinds[part % kinds.length] : undefined
      const all = outputs.reduce((sum, one) => sum + (token_mint ? (one.tokens[token_mint] ?? 0n) : one.value), 0n)
      const value = token_mint ? (all * BigInt(part)) / 1_000n + 1n : 1_000_000n + (all * BigInt(part)) / 1_000n
      const request = { to, value, fields: token_mint === undefined ? {} : { token_mint } }
      return { network: main, key, request, facts: { ...nothingAsked, tip, account: accountOf(outputs) } }
    })
}
