import { readTransaction } from '../../packages/core/src/families/cardano/body.ts'
import { cardano } from '../../packages/core/src/families/cardano/index.ts'
import { nothingAsked } from '../../packages/core/src/families/family.ts'
import { builtBy, hexOf, keyNumber, publicKeyOf, type Vectors } from '../../packages/core/test/families/harness.ts'
import {
  oracleAddress,
  oracleBaseAddress,
  oracleBody,
  oracleSign,
} from '../../packages/core/test/families/oracles/cardano.ts'

const main = { name: 'cardano', isTestnet: false, chainId: null, decimals: 6 }
const preprod = { name: 'cardano-preprod', isTestnet: true, chainId: null, decimals: 6 }
const policies = ['ab'.repeat(28), '0c'.repeat(28)] as const
const tokens = { [`${policies[0]}.${'61'.repeat(3)}`]: 500n, [`${policies[0]}.62`]: 3n, [`${policies[1]}.`]: 2n ** 40n }

/** Ada and tokens, to base and enterprise addresses on two networks, from one, two and four outputs. */
export function cardanoVectors(): Vectors {
  const keys = Array.from({ length: 20 }, (_, at) => keyNumber('cardano', at))
  return {
    source: 'cardano-serialization-lib 15.0.3. Inputs, outputs and the fee are those that Pawl chose.',
    addresses: keys.map((key) => ({
      private_key: hexOf(key),
      public_key: hexOf(publicKeyOf(cardano, key)),
      addresses: Object.fromEntries([main, preprod].map((one) => [one.name, oracleAddress(key, one.isTestnet)])),
    })),
    transactions: [main, preprod].flatMap((network) =>
      [1, 2, 4].flatMap((count) => {
        const key = keys[count] as Uint8Array
        const [one, other] = [50, 51].map((at) => keyNumber('cardano', at)) as [Uint8Array, Uint8Array]
        const recipients = [oracleAddress(one, network.isTestnet), oracleBaseAddress(one, other, network.isTestnet)]
        return recipients.flatMap((to) => [
          vector(network, key, count, to, BigInt(count) * 5_000_000n - 3_000_000n, {}),
          vector(network, key, count, to, 7n, { token_mint: `${policies[0]}.${'61'.repeat(3)}`, ttl: 1_000 }),
        ])
      }),
    ),
  }
}

function vector(network: typeof main, key: Uint8Array, count: number, to: string, value: bigint, fields: object) {
  const outputs = Array.from({ length: count }, (_, at) => ({
    transactionId: hexOf(keyNumber('cardano/coin', at + 1)),
    index: at,
    value: 5_000_000n + BigInt(at),
    tokens: at === count - 1 ? tokens : {},
  }))
  const request = { to, value, fields: { ...fields } }
  const tip = { height: 500n, id: '', at: 0 }
  const facts = { ...nothingAsked, account: { model: 'outputs' as const, outputs }, tip }
  const { unsigned } = builtBy(cardano, { network, key, request, facts })
  const bare = Uint8Array.of(0x84, ...unsigned.body, 0xa0, 0xf5, 0xf6)
  const { signed, id } = oracleSign(oracleBody(readTransaction(bare).body).to_hex(), key)
  const name = `${value} of ${'token_mint' in fields ? 'a token' : 'lovelace'} from ${count} outputs to ${to}`
  return { name, network, private_key: hexOf(key), request, facts, signed_tx: signed, tx_hash: id }
}
