// Writes the vectors of chains in packages/testkit/src/vectors: addresses and signed transactions by the official library of
// each chain. Run it after a change of what Pawl signs, and read the difference.
//
//   npx tsx --conditions=@pawl/source tools/chain-vectors/make.ts [chain …]
import { writeFileSync } from 'node:fs'
import { toJson, type Vectors, vectorsFolder } from '../../packages/core/test/families/harness.ts'
import { bitcoinVectors } from './bitcoin.ts'
import { cardanoVectors } from './cardano.ts'
import { solanaVectors } from './solana.ts'
import { tronVectors } from './tron.ts'
import { xrpVectors } from './xrp.ts'

const makers: Readonly<Record<string, () => Vectors | Promise<Vectors>>> = {
  bitcoin: bitcoinVectors,
  cardano: cardanoVectors,
  solana: solanaVectors,
  tron: tronVectors,
  xrp: xrpVectors,
}

const wanted = process.argv.slice(2)
for (const [chain, make] of Object.entries(makers)) {
  if (wanted.length > 0 && !wanted.includes(chain)) continue
  const vectors = await make()
  writeFileSync(new URL(`${chain}.json`, vectorsFolder), `${toJson(vectors)}\n`)
  console.log(`${chain}: ${vectors.addresses.length} addresses, ${vectors.transactions.length} transactions`)
}
