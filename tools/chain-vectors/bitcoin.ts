import { bitcoin } from '../../packages/core/src/families/bitcoin/index.ts'
import { nothingAsked } from '../../packages/core/src/families/family.ts'
import { hexOf, keyNumber, publicKeyOf, signedBy, type Vectors } from '../../packages/core/test/families/harness.ts'
import { oracleAddress, oracleRecipients, oracleSign } from '../../packages/core/test/families/oracles/bitcoin.ts'

const main = { name: 'bitcoin', isTestnet: false, chainId: null, decimals: 8 }
const testnet = { name: 'bitcoin-testnet', isTestnet: true, chainId: null, decimals: 8 }

/** Payments to each type of address on both networks, with one to four outputs spent, with and without change. */
export function bitcoinVectors(): Vectors {
  const keys = Array.from({ length: 20 }, (_, at) => keyNumber('bitcoin', at))
  return {
    source: 'bitcoinjs-lib 7.0.5. Inputs and outputs are those that Pawl chose. RFC 6979 without grinding for a low r.',
    addresses: keys.map((key) => ({
      private_key: hexOf(key),
      public_key: hexOf(publicKeyOf(bitcoin, key)),
      addresses: Object.fromEntries([main, testnet].map((network) => [network.name, oracleAddress(key, network)])),
    })),
    transactions: [main, testnet].flatMap((network) =>
      oracleRecipients(keyNumber('bitcoin', 99), network).flatMap((to, type) =>
        [1, 2, 4].map((coins) => vector(network, to, type, coins, keys[(type + coins) % 20] as Uint8Array)),
      ),
    ),
  }
}

function vector(network: typeof main, to: string, type: number, coins: number, key: Uint8Array) {
  const outputs = Array.from({ length: coins }, (_, at) => ({
    transactionId: hexOf(keyNumber('bitcoin/coin', 10 * type + at + 1)),
    index: at,
    value: 40_000n + BigInt(at),
    tokens: {},
  }))
  const fields = { fee_rate_sat_per_vbyte: 2 + type }
  // The rest: too small for an output, most of an output, and a part of one.
  const rests: Readonly<Record<number, bigint>> = { 1: BigInt(125 * (2 + type) + 150), 2: 35_000n, 4: 9_000n }
  const value = BigInt(coins) * 40_000n - (rests[coins] ?? 0n)
  const facts = { ...nothingAsked, account: { model: 'outputs' as const, outputs } }
  const request = { to, value, fields }
  const { unsigned } = signedBy(bitcoin, { network, key, request, facts })
  const { signed, id } = oracleSign(unsigned.plan, key)
  const name = `${coins} outputs to ${to}`
  return { name, network, private_key: hexOf(key), request, facts, signed_tx: signed, tx_hash: id }
}
