import { nothingAsked } from '../../packages/core/src/families/family.ts'
import { solana } from '../../packages/core/src/families/solana/index.ts'
import { hexOf, keyNumber, publicKeyOf, type Vectors } from '../../packages/core/test/families/harness.ts'
import {
  base64Of,
  oracleAddress,
  oracleId,
  oracleSign,
  oracleTokenAccount,
  token2022Program,
  tokenProgram,
} from '../../packages/core/test/families/oracles/solana.ts'

const network = { name: 'solana', isTestnet: false, chainId: null, decimals: 9 }
const addressAt = (number: number) => oracleAddress(keyNumber('solana', number))
const mint = addressAt(90)
const amounts = [1_000_000n, 890_880n, 123_456_789_012n, 2n ** 63n]

/** SOL and tokens of both programs, to wallets with and without a token account, with and without a memo. */
export function solanaVectors(): Vectors {
  const keys = Array.from({ length: 20 }, (_, at) => keyNumber('solana', at))
  return {
    source: '@solana/web3.js 1.99.0. The instructions of tokens are as the documentation of their programs has them.',
    addresses: keys.map((key) => ({
      private_key: hexOf(key),
      public_key: hexOf(publicKeyOf(solana, key)),
      addresses: { solana: oracleAddress(key), 'solana-devnet': oracleAddress(key) },
    })),
    transactions: amounts.flatMap((amount, at) =>
      [undefined, 'invoice 7 – grüße'].flatMap((memo, type) => {
        const key = keys[2 * at + type] as Uint8Array
        const about = { key, to: addressAt(50 + at), amount, blockhash: addressAt(70 + at), ...(memo && { memo }) }
        const tokens = [tokenProgram, token2022Program].map((program, index) => ({
          ...{ mint, program, decimals: [6, 9, 0, 18][at] as number, isNew: (at + type + index) % 2 === 0 },
        }))
        return [vector(about), ...tokens.map((token) => vector({ ...about, token }))]
      }),
    ),
  }
}

type Wanted = Parameters<typeof oracleSign>[2] & { readonly key: Uint8Array; readonly blockhash: string }

function vector({ key, blockhash, ...payment }: Wanted) {
  const { to, amount, memo, token } = payment
  const transaction = oracleSign(key, blockhash, payment)
  const wallets = token ? (token.isNew ? [oracleAddress(key)] : [oracleAddress(key), to]) : [to]
  const existing = token ? wallets.map((wallet) => oracleTokenAccount(wallet, token.mint, token.program)) : wallets
  const fields = { ...(memo && { memo }), ...(token && { token_mint: token.mint, token_decimals: token.decimals }) }
  const kind = token ? `${token.program === tokenProgram ? 'a token' : 'a Token-2022 token'}` : 'SOL'
  return {
    name: `${amount} of ${kind}${memo ? ' with a memo' : ''}${token?.isNew ? ' and a new account' : ''}`,
    network,
    private_key: hexOf(key),
    request: { to, value: amount, fields },
    facts: { ...nothingAsked, tip: { height: 1n, id: blockhash, at: 0 }, existing },
    signed_tx: base64Of(transaction),
    tx_hash: oracleId(transaction),
  }
}
