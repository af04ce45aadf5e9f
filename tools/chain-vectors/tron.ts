import { nothingAsked } from '../../packages/core/src/families/family.ts'
import { tron } from '../../packages/core/src/families/tron/index.ts'
import { hexOf, keyNumber, publicKeyOf, type Vectors } from '../../packages/core/test/families/harness.ts'
import {
  oracleAddress,
  oracleSignature,
  oracleSigned,
  oracleTransaction,
} from '../../packages/core/test/families/oracles/tron.ts'

const network = { name: 'tron', isTestnet: false, chainId: null, decimals: 6 }
const shop = 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'
const token = oracleAddress(keyNumber('tron', 90))

/** TRX and a token, with and without a memo and a limit of fees. The first transaction is the fixed vector. */
export function tronVectors(): Vectors {
  const keys = Array.from({ length: 20 }, (_, at) => keyNumber('tron', at))
  const amounts = [1_000_000n, 1n, 2n ** 53n - 1n, 127n, 128n, 16_384n]
  return {
    source: 'tronweb 6.5.1: txJsonToPb and ECKeySign. It writes amounts only up to 2^53 - 1.',
    addresses: keys.map((key) => ({
      private_key: hexOf(key),
      public_key: hexOf(publicKeyOf(tron, key)),
      addresses: { tron: oracleAddress(key), 'tron-shasta': oracleAddress(key) },
    })),
    transactions: amounts.flatMap((amount, at) => [
      vector(at, { amount }),
      vector(at, { amount, memo: 'grüße' }),
      vector(at, { amount, token, feeLimit: 100_000_000 }),
      vector(at, { amount: amount * 10n ** 18n, token, feeLimit: 40_000_000, memo: 'invoice 7' }),
    ]),
  }
}

type Wanted = Pick<Parameters<typeof oracleTransaction>[0], 'amount' | 'token' | 'feeLimit' | 'memo'>

function vector(at: number, { amount, ...wanted }: Wanted) {
  const key = keyNumber('tron', at)
  const timestamp = 1_700_000_000_000 + at
  const [height, hash] = at === 0 ? [0x1beefn, 'aabbccddeeff0011'] : [BigInt(at) * 7_777n, `${'0'.repeat(15)}${at}`]
  const id = `${height.toString(16).padStart(16, '0')}${hash}${'00'.repeat(16)}`
  const block = { bytes: (height & 0xffffn).toString(16).padStart(4, '0'), hash, timestamp }
  const made = oracleTransaction({ from: oracleAddress(key), to: shop, amount, ...wanted, block })
  const fields = {
    ...(wanted.token && { token_mint: wanted.token }),
    ...(wanted.feeLimit !== 100_000_000 && wanted.feeLimit && { fee_limit_sun: wanted.feeLimit }),
    ...(wanted.memo && { memo: wanted.memo }),
  }
  return {
    name: `${amount} of ${wanted.token ? 'a token' : 'TRX'}${wanted.memo ? ' with a memo' : ''}`,
    network,
    private_key: hexOf(key),
    request: { to: shop, value: amount, fields },
    facts: { ...nothingAsked, tip: { height, id, at: timestamp } },
    signed_tx: oracleSigned(made, oracleSignature(made.txID, key)),
    tx_hash: made.txID,
  }
}
