import { ComputeBudgetProgram, PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { BadTransaction, nothingAsked } from '../../src/families/family.ts'
import { solana } from '../../src/families/solana/index.ts'
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
import {
  base64Of,
  type OraclePayment,
  oracleAddress,
  oracleInstructions,
  oracleMessage,
  oracleSign,
  oracleTokenAccount,
  oracleVersioned,
  paymentsByOracle,
  token2022Program,
  tokenProgram,
} from './oracles/solana.ts'

const network = { name: 'solana', isTestnet: false, chainId: null, decimals: 9 }
const own = '9C6hybhQ6Aycep9jaUnP6uL9ZYvDjUp1aSkFWPUFJtpj'
const [shop, other, mint, blockhash] = [50, 51, 90, 70].map((at) => oracleAddress(keyNumber('solana', at))) as [
  string,
  string,
  string,
  string,
]
const tip = { height: 9n, id: blockhash, at: 0 }

describe('addresses of Solana', () => {
  it('are those of @solana/web3.js, and of the fixed vector', () => {
    expect(solana.address(publicKeyOf(solana, testKey), network)).toBe(own)
    const { addresses } = vectorsOf('solana')
    expect(addresses.length).toBeGreaterThanOrEqual(20)
    for (const one of addresses) {
      const publicKey = publicKeyOf(solana, bytesOf(one.private_key))
      expect(hexOf(publicKey)).toBe(one.public_key)
      expect(solana.address(publicKey, network)).toBe(one.addresses.solana)
    }
  })

  it('are 32 bytes in base58', () => {
    expect(solana.canonical(own, network)).toBe(own)
    for (const wrong of ['', own.slice(3), `1${own}`, `${own}1`, own.replace('9', '0'), ` ${own}`, 'x'.repeat(99)]) {
      expect(() => solana.canonical(wrong, network)).toThrow(BadTransaction)
    }
  })
})

describe('payments on Solana', () => {
  it('are signed as the vectors of @solana/web3.js', () => {
    const { transactions } = vectorsOf('solana')
    expect(transactions.length).toBeGreaterThanOrEqual(20)
    for (const { private_key, signed_tx, tx_hash, ...one } of transactions) {
      const { signed } = signedBy(solana, { ...one, key: bytesOf(private_key) })
      expect(signed).toMatchObject({ text: signed_tx, id: tx_hash })
    }
  })

  it('of SOL have 215 bytes', () => {
    const { signed, unsigned } = signedBy(solana, asked({ to: shop, amount: 1_000_000n }))
    expect([unsigned.message.length, signed.bytes.length]).toEqual([150, 215])
  })

  it('agree with @solana/web3.js in every byte, and do what was asked', () => {
    fc.assert(
      fc.property(anyPayment(), isSigned, (payment, signs) => {
        const one = asked(payment)
        const { unsigned, draft } = builtBy(solana, one)
        const instructions = oracleInstructions(own, payment)
        expect(hexOf(unsigned.message)).toBe(hexOf(oracleMessage(own, blockhash, instructions)))
        const { to, amount, token } = payment
        const rent = token?.isNew ? (token.program === tokenProgram ? 2_039_280n : 2_157_600n) : 0n
        expect(unsigned.effects).toMatchObject({
          native: token ? 0n : amount,
          transfers: [{ to, token: token?.mint ?? null, amount }],
          newTokenAccounts: token?.isNew ? [to] : [],
          overhead: 5_000n + rent,
          opaque: null,
        })
        const { native, transfers } = solana.effects(draft)
        expect({ native, transfers }).toEqual({
          native: unsigned.effects.native,
          transfers: unsigned.effects.transfers,
        })
        if (signs) expect(signedBy(solana, one).signed.text).toBe(base64Of(oracleSign(testKey, blockhash, payment)))
      }),
      { numRuns: oracleTries },
    )
  })

  it('as prebuilt transactions have the same effects, in both versions', () => {
    fc.assert(
      fc.property(anyPayment(), (payment) => {
        const { unsigned } = builtBy(solana, asked(payment))
        const instructions = oracleInstructions(own, payment)
        const versioned = oracleVersioned(own, blockhash, instructions)
        const legacy = Buffer.concat([Buffer.from([1]), Buffer.alloc(64), unsigned.message]).toString('base64')
        for (const raw of [legacy, base64Of(versioned)]) {
          const draft = solana.draft({ to: payment.to, value: 0n, fields: { raw_transaction: raw } }, network, own)
          expect(solana.effects(draft)).toEqual(unsigned.effects)
        }
        const again = asked(payment, { to: payment.to, value: 0n, fields: { raw_transaction: legacy } })
        expect(builtBy(solana, again).unsigned).toEqual(unsigned)
      }),
      { numRuns: tries(200, 2) },
    )
  })

  it.each([
    [{ to: shop, value: 890_879n }, 'value'],
    [{ to: shop, value: 0n }, 'value'],
    [{ to: shop, value: 2n ** 64n }, 'value'],
    [{ to: null }, 'to'],
    [{ fields: { data: '0x00' } }, 'data'],
    [{ fields: { nonce: 1 } }, 'nonce'],
    [{ fields: { memo: 'a'.repeat(567) } }, 'memo'],
    [{ fields: { memo: '\ud800' } }, 'memo'],
    [{ fields: { token_mint: 'usdc' } }, 'token_mint'],
    [{ fields: { token_mint: mint, token_decimals: 256 } }, 'token_decimals'],
    [{ fields: { token_mint: mint } }, 'token_mint'],
    [{ to: oracleTokenAccount(shop, mint), fields: { token_mint: mint } }, 'to'],
    [{ fields: { raw_transaction: 'AAAA' } }, 'raw_transaction'],
  ])('with %o are refused', (changes, field) => {
    const request = { to: shop, value: 1_000_000n, fields: {}, ...changes }
    const facts = { ...nothingAsked, tip, existing: [] }
    expect(() => signedBy(solana, { network, key: testKey, request, facts })).toThrow(
      expect.objectContaining({ field }),
    )
  })

  it('are not assembled from a wrong signature', () => {
    const { unsigned, publicKey } = signedBy(solana, asked({ to: shop, amount: 1_000_000n }))
    for (const wrong of [[], [new Uint8Array(64)], [new Uint8Array(65)]]) {
      expect(() => solana.assemble(unsigned, wrong, publicKey)).toThrow('wrong signature')
    }
  })
})

describe('a prebuilt transaction of Solana', () => {
  const payment = { to: shop, amount: 1_000_000n }
  const draftOf = (instructions: TransactionInstruction[], more: object = {}, table: readonly string[] = []) => {
    const raw = base64Of(oracleVersioned(own, blockhash, instructions, table))
    return solana.draft({ to: null, value: 0n, ...more, fields: { raw_transaction: raw } }, network, own)
  }
  const instruction = (program: string, keys: readonly string[], data: readonly number[]) =>
    new TransactionInstruction({
      programId: new PublicKey(program),
      keys: keys.map((key) => ({ pubkey: new PublicKey(key), isSigner: key === own, isWritable: true })),
      data: Buffer.from(data),
    })
  const token = tokenProgram.toBase58()

  it('is refused if another key pays or signs', () => {
    const foreign = base64Of(oracleVersioned(shop, blockhash, oracleInstructions(shop, { to: own, amount: 5n })))
    const fields = { raw_transaction: foreign }
    expect(() => solana.draft({ to: null, value: 0n, fields }, network, own)).toThrow('only signer')
    const both = [
      SystemProgram.transfer({ fromPubkey: new PublicKey(shop), toPubkey: new PublicKey(own), lamports: 5 }),
    ]
    expect(() => draftOf(both)).toThrow('only signer')
  })

  it.each([
    ['an unknown program', instruction(other, [own, shop], [1, 2, 3])],
    [
      'an assignment of the own account',
      instruction(SystemProgram.programId.toBase58(), [own], [1, 0, 0, 0, ...Array(32)]),
    ],
    ['a new owner of a token account', instruction(token, [shop, own], [6, 2, 1, ...Array(32)])],
    ['a transfer that names no mint', instruction(token, [own, shop, own], [3, 1, 0, 0, 0, 0, 0, 0, 0])],
    ['a closed account whose rent goes elsewhere', instruction(token, [other, shop, own], [9])],
    ['an approval that names no mint', instruction(token, [other, shop, own], [4, 1, 0, 0, 0, 0, 0, 0, 0])],
    ['tokens that are burned', instruction(token, [other, mint, own], [8, 1, 0, 0, 0, 0, 0, 0, 0])],
    [
      'a token account at a wrong address',
      instruction(
        'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
        [own, other, shop, mint, SystemProgram.programId.toBase58(), token],
        [1],
      ),
    ],
  ])('with %s is opaque', (_, one) => {
    expect(solana.effects(draftOf([...oracleInstructions(own, payment), one]))).toMatchObject({
      native: 1_000_000n,
      opaque: expect.any(String),
    })
  })

  it('whose accounts come from a lookup table is opaque', () => {
    const effects = solana.effects(draftOf(oracleInstructions(own, payment), {}, [shop]))
    expect(effects.opaque).toContain('lookup table')
  })

  it('counts every transfer, and the right to move tokens', () => {
    const approval = instruction(token, [other, mint, shop, own], [13, 7, 0, 0, 0, 0, 0, 0, 0, 6])
    const effects = solana.effects(
      draftOf([...oracleInstructions(own, payment), ...oracleInstructions(own, { to: other, amount: 5n }), approval]),
    )
    expect(effects).toMatchObject({
      native: 1_000_005n,
      transfers: [{ to: shop }, { to: other, amount: 5n }],
      approvals: [{ spender: shop, token: mint, amount: 7n }],
      opaque: null,
    })
  })

  it('to a token account of an unnamed wallet names the account, not a wallet', () => {
    const wanted = { ...payment, token: { mint, decimals: 6, program: tokenProgram, isNew: false } }
    const account = oracleTokenAccount(shop, mint)
    expect(solana.effects(draftOf(oracleInstructions(own, wanted))).transfers).toMatchObject([{ to: account }])
    expect(solana.effects(draftOf(oracleInstructions(own, wanted), { to: shop })).transfers).toMatchObject([
      { to: shop },
    ])
    expect(() => draftOf(oracleInstructions(own, wanted), { to: other })).toThrow(
      expect.objectContaining({ field: 'to' }),
    )
  })

  it('counts what it offers for priority, and is refused if that burns money', () => {
    const offered = (microLamports: number | bigint) => [
      ComputeBudgetProgram.setComputeUnitLimit({ units: 300_000 }),
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports }),
      ...oracleInstructions(own, payment),
    ]
    expect(solana.effects(draftOf(offered(1_000_000))).overhead).toBe(305_000n)
    expect(() => draftOf(offered(10n ** 12n))).toThrow('must not offer fees')
  })

  it('pays nobody with tokens that go to the account of its own wallet', () => {
    const token = { mint, decimals: 6, program: tokenProgram, isNew: false }
    const instructions = oracleInstructions(own, { ...payment, to: own, token })
    expect(solana.effects(draftOf(instructions)).transfers).toEqual([])
    expect(paymentsByOracle(oracleVersioned(own, blockhash, instructions).serialize(), own).transfers).toEqual([])
  })

  it('with any byte changed is refused, or its effects are those that its bytes say', () => {
    const wanted = { ...payment, token: { mint, decimals: 6, program: tokenProgram, isNew: true } }
    const bytes = oracleVersioned(own, blockhash, [
      ...oracleInstructions(own, payment),
      ...oracleInstructions(own, wanted),
    ]).serialize()
    fc.assert(
      fc.property(fc.integer({ min: 65, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const mutated = Uint8Array.from(bytes)
        mutated[at] = (mutated[at] as number) ^ change
        const raw = Buffer.from(mutated).toString('base64')
        try {
          const draft = solana.draft({ to: null, value: 0n, fields: { raw_transaction: raw } }, network, own)
          const { opaque, native, transfers } = solana.effects(draft)
          if (opaque === null) expect({ native, transfers }).toEqual(paymentsByOracle(mutated, own))
        } catch (error) {
          expect(error).toBeInstanceOf(BadTransaction)
        }
      }),
      { numRuns: tries(2_000, 2) },
    )
  })
})

function asked(payment: OraclePayment, request?: object) {
  const { to, amount, memo, token } = payment
  const fields = { ...(memo && { memo }), ...(token && { token_mint: token.mint, token_decimals: token.decimals }) }
  const wallets = token?.isNew ? [own] : [own, to]
  const existing = token ? wallets.map((wallet) => oracleTokenAccount(wallet, token.mint, token.program)) : [to]
  return {
    network,
    key: testKey,
    request: { to, value: amount, fields, ...request },
    facts: { ...nothingAsked, tip, existing },
  }
}

const wallets = [50, 51, 52, 53].map((at) => oracleAddress(keyNumber('solana', at)))
const mints = [90, 91].map((at) => oracleAddress(keyNumber('solana', at)))

function anyPayment(): fc.Arbitrary<OraclePayment> {
  const token = fc.record({
    mint: fc.constantFrom(...mints),
    decimals: fc.nat(18),
    program: fc.constantFrom(tokenProgram, token2022Program),
    isNew: fc.boolean(),
  })
  return fc.record(
    {
      to: fc.constantFrom(...wallets),
      amount: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      memo: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      token,
    },
    { requiredKeys: ['to', 'amount'] },
  )
}
