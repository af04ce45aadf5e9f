import * as bitcoinjs from 'bitcoinjs-lib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { bitcoin } from '../../src/families/bitcoin/index.ts'
import { virtualSize } from '../../src/families/bitcoin/plan.ts'
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
  oracleDigests,
  oraclePsbt,
  oracleRecipients,
  oracleScript,
  oracleSign,
  unsignedBy,
} from './oracles/bitcoin.ts'

const main = { name: 'bitcoin', isTestnet: false, chainId: null, decimals: 8 }
const testnet = { name: 'bitcoin-testnet', isTestnet: true, chainId: null, decimals: 8 }
const signet = { ...testnet, name: 'bitcoin-signet' }
const own = bitcoin.address(publicKeyOf(bitcoin, testKey), main)
const shop = oracleAddress(keyNumber('bitcoin', 50), main)

describe('addresses of Bitcoin', () => {
  it('are those of bitcoinjs-lib, and of the fixed vectors', () => {
    expect(own).toBe('bc1qtp7fhly84qm6q4hhzmp0nh5frtdugmys2sa75y')
    for (const network of [testnet, signet]) {
      expect(bitcoin.address(publicKeyOf(bitcoin, testKey), network)).toBe('tb1qtp7fhly84qm6q4hhzmp0nh5frtdugmysqkxd0h')
    }
    const { addresses } = vectorsOf('bitcoin')
    expect(addresses.length).toBeGreaterThanOrEqual(20)
    for (const one of addresses) {
      const publicKey = publicKeyOf(bitcoin, bytesOf(one.private_key))
      expect(hexOf(publicKey)).toBe(one.public_key)
      for (const network of [main, testnet])
        expect(bitcoin.address(publicKey, network)).toBe(one.addresses[network.name])
    }
  })

  it('have one form, and only on their own network', () => {
    expect(bitcoin.canonical(own.toUpperCase(), main)).toBe(own)
    for (const [network, other] of [[main, testnet] as const, [testnet, main] as const]) {
      for (const address of oracleRecipients(testKey, network)) {
        expect(bitcoin.canonical(address, network)).toBe(address)
        expect(() => bitcoin.canonical(address, other)).toThrow(BadTransaction)
      }
    }
    const mixed = own.replace('q', 'Q')
    const broken = `${own.slice(0, -1)}q`
    for (const wrong of ['', 'bc1', own.slice(1), mixed, broken, ` ${own}`]) {
      expect(() => bitcoin.canonical(wrong, main)).toThrow(BadTransaction)
    }
  })
})

describe('payments on Bitcoin', () => {
  it('are signed as the vectors of bitcoinjs-lib', () => {
    const { transactions } = vectorsOf('bitcoin')
    expect(transactions.length).toBeGreaterThanOrEqual(20)
    for (const { private_key, signed_tx, tx_hash, ...one } of transactions) {
      const { signed } = signedBy(bitcoin, { ...one, key: bytesOf(private_key) })
      expect(signed).toMatchObject({ text: signed_tx, id: tx_hash })
      expect(hexOf(signed.bytes)).toBe(signed_tx)
    }
  })

  it('agree with bitcoinjs-lib in every byte, pay the rate and nothing but the rate, and lose no satoshi', () => {
    fc.assert(
      fc.property(anyPayment(), isSigned, (one, signs) => {
        const { unsigned, publicKey, draft } = builtBy(bitcoin, one)
        const { plan, effects } = unsigned
        expect(hexOf(unsigned.bytes)).toBe(unsignedBy(plan).toHex())
        expect(unsigned.toSign.map(hexOf)).toEqual(oracleDigests(plan, publicKey).map(hexOf))
        if (signs) {
          const { signed } = signedBy(bitcoin, one)
          expect({ signed: signed.text, id: signed.id }).toEqual(oracleSign(plan, one.key))
        }
        const [spent, paid] = [sum(plan.inputs), sum(plan.outputs)]
        expect(effects).toEqual({ ...bitcoin.effects(draft), overhead: spent - paid })
        expect(effects.transfers).toEqual([{ to: one.request.to, token: null, amount: one.request.value }])
        const rate = BigInt(one.request.fields.fee_rate_sat_per_vbyte as number)
        const least = rate * virtualSize(plan)
        expect(spent - paid).toBeGreaterThanOrEqual(least)
        expect(spent - paid - least).toBeLessThan(plan.outputs.length > 1 ? 1n : 294n + 31n * rate + 1n)
        expect(unsigned.spends).toEqual(plan.inputs.map(({ transactionId, index }) => `${transactionId}:${index}`))
      }),
      { numRuns: oracleTries },
    )
  })

  it('as a prebuilt PSBT have the same effects and the same signed bytes', () => {
    fc.assert(
      fc.property(anyPayment(), (one) => {
        const { unsigned, from } = builtBy(bitcoin, one)
        const psbt = oraclePsbt(unsigned.plan, oracleScript(from, main)).toBase64()
        const request = { to: null, value: 0n, fields: { raw_transaction: psbt } }
        const again = builtBy(bitcoin, { ...one, request })
        expect(bitcoin.effects(again.draft)).toEqual(unsigned.effects)
        expect(again.unsigned).toEqual(unsigned)
      }),
      { numRuns: tries(200, 2) },
    )
  })

  it('leave a rest below the dust limit to the fee', () => {
    const { unsigned } = signedBy(bitcoin, payment(100_000n - 110n - 293n, [100_000n]))
    expect(unsigned.plan.outputs).toHaveLength(1)
    expect(unsigned.effects.overhead).toBe(110n + 293n)
  })

  it.each([
    ['below the dust limit', 293n, [10_000n], 'value'],
    ['of more than the outputs hold', 10_001n, [10_000n], 'value'],
    ['of all outputs without a fee', 10_000n, [10_000n], 'value'],
    ['that count an output twice because the node lists it twice', 15_000n, [10_000n, 10_000n], 'value'],
  ])('%s are refused', (_, value, values, field) => {
    const wanted = payment(value, values)
    const outputs = wanted.facts.account?.model === 'outputs' ? wanted.facts.account.outputs : []
    const same = outputs.map((one) => ({ ...one, transactionId: outputs[0]?.transactionId ?? '', index: 0 }))
    const facts = { ...nothingAsked, account: { model: 'outputs' as const, outputs: same } }
    expect(() => signedBy(bitcoin, { ...wanted, facts })).toThrow(expect.objectContaining({ field }))
  })

  it.each([
    [{ memo: 'rent' }, 'memo'],
    [{ token_mint: 'abc' }, 'token_mint'],
    [{ data: '0x01' }, 'data'],
    [{ nonce: 0 }, 'nonce'],
    [{ gas_limit: 30_000 }, 'gas_limit'],
    [{ fee_rate_sat_per_vbyte: 0 }, 'fee_rate_sat_per_vbyte'],
    [{ fee_rate_sat_per_vbyte: 1_001 }, 'fee_rate_sat_per_vbyte'],
    [{ fee_rate_sat_per_vbyte: 1.5 }, 'fee_rate_sat_per_vbyte'],
    [{ raw_transaction: '!' }, 'raw_transaction'],
    [{ raw_transaction: 'AAAA' }, 'raw_transaction'],
  ])('with %j are refused', (fields, field) => {
    expect(() => bitcoin.draft({ to: shop, value: 1_000n, fields }, main, own)).toThrow(
      expect.objectContaining({ field }),
    )
  })

  it('take the rate of the node, unless it is none that a market ever asked for', () => {
    const rated = (perKilobyte: bigint) => {
      const one = payment(5_000n, [200_000n])
      const fees = { model: 'size' as const, perTransaction: 0n, perKilobyte }
      return signedBy(bitcoin, { ...one, request: { ...one.request, fields: {} }, facts: { ...one.facts, fees } })
    }
    expect(rated(20_000n).unsigned.effects.overhead).toBe(20n * 141n)
    expect(rated(100n).unsigned.effects.overhead).toBe(141n)
    expect(() => rated(1_000_001n)).toThrow(expect.objectContaining({ field: 'fee_rate_sat_per_vbyte' }))
  })

  it('are not assembled from a signature of something else, or one with a high s', () => {
    const { unsigned, publicKey } = signedBy(bitcoin, payment(1_000n, [10_000n]))
    const wrong = [undefined, new Uint8Array(65), new Uint8Array(64)]
    for (const one of wrong) {
      expect(() => bitcoin.assemble(unsigned, one ? [one] : [], publicKey)).toThrow('wrong signature')
    }
  })
})

describe('a prebuilt transaction of Bitcoin', () => {
  const made = signedBy(bitcoin, payment(1_000n, [10_000n, 9_000n]))
  const { plan } = made.unsigned
  const script = oracleScript(own, main)
  const foreign = oracleScript(shop, main)
  const asked = (psbt: bitcoinjs.Psbt, more: object = {}) => ({
    ...{ to: null, value: 0n, ...more },
    fields: { raw_transaction: psbt.toBase64() },
  })
  const refused = (psbt: bitcoinjs.Psbt, message: string) =>
    expect(() => bitcoin.draft(asked(psbt), main, own)).toThrow(message)

  it('is refused if another key must sign, or has signed', () => {
    refused(oraclePsbt(plan, foreign), 'spends an output of another address')
    const signedPsbt = oraclePsbt(plan, script)
    signedPsbt.updateInput(0, {
      partialSig: [
        { pubkey: bitcoinKey(), signature: bytesOf(`${made.signed.text.match(/30[0-9a-f]{136,140}01(?=21)/)}`) },
      ],
    })
    refused(signedPsbt, 'partialSig')
  })

  it('is refused if it asks for a signature of a part of it', () => {
    for (const sighashType of [0x81, 2, 3, 0x82, 0x83, 0]) {
      const psbt = oraclePsbt(plan, script)
      Object.assign(psbt.data.inputs[0] as object, { sighashType })
      refused(psbt, 'a part of the transaction')
    }
  })

  it('is refused if it hides a fee behind values that the node does not know', () => {
    const lying = { ...plan, inputs: plan.inputs.map((one) => ({ ...one, value: one.value - 1n })) }
    const request = asked(oraclePsbt(lying, script))
    const { facts } = payment(1_000n, [10_000n, 9_000n])
    expect(() => signedBy(bitcoin, { network: main, key: testKey, request, facts })).toThrow('no unspent output')
    expect(() => signedBy(bitcoin, { network: main, key: testKey, request, facts: nothingAsked })).toThrow(
      'must contain the spent transactions',
    )
    const burning = { ...plan, outputs: plan.outputs.map((one) => ({ ...one, value: 1n })) }
    const rich = { ...burning, inputs: burning.inputs.map((one) => ({ ...one, value: 10_000_000n })) }
    refused(oraclePsbt(rich, script), 'must pay a fee of 0 to')
    const short = { ...plan, inputs: plan.inputs.map((one) => ({ ...one, value: 1n })) }
    refused(oraclePsbt(short, script), 'must pay a fee of 0 to')
  })

  it('is refused if the request says another recipient or amount', () => {
    const psbt = oraclePsbt(plan, script)
    expect(bitcoin.draft(asked(psbt, { to: shop.toUpperCase(), value: 1_000n }), main, own)).toBeDefined()
    const other = oracleAddress(keyNumber('bitcoin', 51), main)
    expect(() => bitcoin.draft(asked(psbt, { to: other }), main, own)).toThrow(expect.objectContaining({ field: 'to' }))
    expect(() => bitcoin.draft(asked(psbt, { value: 999n }), main, own)).toThrow(
      expect.objectContaining({ field: 'value' }),
    )
  })

  it('with data or a script of its own is opaque, and its amount counts', () => {
    const data = bitcoinjs.payments.embed({ data: [new TextEncoder().encode('hello')] }).output as Uint8Array
    const psbt = oraclePsbt({ ...plan, outputs: [...plan.outputs, { script: data, value: 5n }] }, script)
    expect(bitcoin.effects(bitcoin.draft(asked(psbt), main, own))).toMatchObject({
      native: 1_005n,
      transfers: [{ to: shop, amount: 1_000n }],
      opaque: 'an output has no address',
    })
  })

  it('with any byte changed is refused, or its effects are those of its bytes', () => {
    const bytes = oraclePsbt(plan, script).toBuffer()
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const mutated = Uint8Array.from(bytes)
        mutated[at] = (mutated[at] as number) ^ change
        const request = { to: null, value: 0n, fields: { raw_transaction: Buffer.from(mutated).toString('base64') } }
        try {
          const draft = bitcoin.draft(request, main, own)
          const { unsigned } = builtBy(bitcoin, {
            network: main,
            key: testKey,
            request,
            facts: { ...nothingAsked, account: accountOf(draft.prebuilt?.plan.inputs ?? []) },
          })
          expect(unsigned.effects).toEqual(effectsByOracle(unsigned.bytes, unsigned.plan.inputs))
        } catch (error) {
          expect(error).toBeInstanceOf(BadTransaction)
        }
      }),
      { numRuns: tries(2_000, 2) },
    )
  })
})

/** What bitcoinjs-lib reads in the bytes that are signed. */
function effectsByOracle(bytes: Uint8Array, inputs: readonly { readonly value: bigint }[]) {
  const { outs } = bitcoinjs.Transaction.fromBuffer(bytes)
  const shown = outs.map(({ script, value }) => ({ to: addressByOracle(script), amount: BigInt(value) }))
  const paid = shown.filter(({ to }) => to !== own)
  return {
    native: paid.reduce((total, { amount }) => total + amount, 0n),
    overhead: sum(inputs) - shown.reduce((total, { amount }) => total + amount, 0n),
    transfers: paid.filter(({ to }) => to !== null).map((one) => ({ ...one, token: null })),
    ...{ approvals: [], calls: [], delegates: [], newTokenAccounts: [], ledgerType: null },
    opaque: paid.some(({ to }) => to === null) ? 'an output has no address' : null,
  }
}

/** Null for scripts of later versions of SegWit, which bitcoinjs-lib warns of. */
function addressByOracle(script: Uint8Array): string | null {
  if ((script[0] as number) > 0x51 && (script[0] as number) <= 0x60) return null
  try {
    return bitcoinjs.address.fromOutputScript(script, bitcoinjs.networks.bitcoin)
  } catch {
    return null
  }
}

function bitcoinKey(): Uint8Array {
  return bytesOf('0284bf7562262bbd6940085748f3be6afa52ae317155181ece31b66351ccffa4b0')
}

function sum(all: readonly { readonly value: bigint }[]): bigint {
  return all.reduce((total, { value }) => total + value, 0n)
}

function payment(value: bigint, values: readonly bigint[]): Case {
  const coins = values.map((one, at) => coin(one, at))
  const request = { to: shop, value, fields: { fee_rate_sat_per_vbyte: 1 } }
  return { network: main, key: testKey, request, facts: { ...nothingAsked, account: accountOf(coins) } }
}

function coin(value: bigint, at: number): ChainOutput {
  return { transactionId: hexOf(keyNumber('bitcoin/coin', at + 1)), index: at % 4, value, tokens: {} }
}

function accountOf(outputs: readonly { transactionId: string; index: number; value: bigint }[]) {
  return { model: 'outputs' as const, outputs: outputs.map((one) => ({ ...one, tokens: {} })) }
}

const keys = [0, 1, 2, 3].map((at) => keyNumber('bitcoin', at))
const recipients = [50, 51].flatMap((at) => oracleRecipients(keyNumber('bitcoin', at), main))

function anyPayment(): fc.Arbitrary<Case> {
  const values = fc.array(fc.bigInt({ min: 10_000n, max: 10n ** 10n }), { minLength: 1, maxLength: 5 })
  return fc
    .record({
      key: fc.constantFrom(...keys),
      to: fc.constantFrom(...recipients),
      values,
      rate: fc.integer({ min: 1, max: 8 }),
      part: fc.integer({ min: 1, max: 1_000 }),
    })
    .map(({ key, to, values, rate, part }) => {
      const most = values.reduce((total, one) => total + one, 0n) - BigInt(rate * (60 + 70 * values.length))
      const value = 600n + ((most - 600n) * BigInt(part)) / 1_000n
      const facts = { ...nothingAsked, account: accountOf(values.map(coin)) }
      return { network: main, key, request: { to, value, fields: { fee_rate_sat_per_vbyte: rate } }, facts }
    })
}
