import { type ChainFactsNow, nothingAsked } from '../../families/index.ts'
import type { Engine } from '../../operations/index.ts'
import type { AnyChain, Simulation } from '../../ports/chain.ts'
import { asked } from '../signers/index.ts'
import type { Prepared } from './prepare.ts'
import { simulated } from './simulate.ts'

/** The current facts of the chain, and the result of the simulation of the transaction. */
export interface Asked {
  readonly facts: ChainFactsNow
  /** Null: it was not simulated. */
  readonly simulation: Simulation | null
}

/** Asks the nodes only for facts that the request does not have. */
export async function askNodes(
  engine: Engine,
  { chain, family, from, request, draft }: Pick<Prepared, 'chain' | 'family' | 'from' | 'request' | 'draft'>,
  nodes: AnyChain | null,
  simulates: boolean,
): Promise<Asked> {
  if (!nodes) return { facts: nothingAsked, simulation: null }
  const { fields } = request
  const isEvm = chain.family === 'evm'
  const has = (name: string) => fields[name] !== undefined
  const ask = <T>(isWanted: boolean, question: () => Promise<T>): Promise<T | null> =>
    isWanted ? asked(engine, chain, question) : Promise.resolve(null)
  const call = family.call?.(draft)
  const isOpenGas = call !== undefined && call.data.length > 0 && !has('gas_limit')
  const lookups = family.lookups?.(draft) ?? []
  const [account, fees, tip, exists, results] = await Promise.all([
    ask(!isEvm || !has('nonce'), () => nodes.account(from)),
    ask(!isEvm || !(has('gas_price') || has('max_fee_per_gas')), () => nodes.fees()),
    ask(!isEvm, () => nodes.tip()),
    ask(lookups.length > 0, async () => (await nodes.exists?.(lookups)) ?? null),
    call && (simulates || isOpenGas) ? simulated(engine, chain, nodes, [call]) : null,
  ])
  const [simulation = null] = results ?? []
  const existing = exists ? lookups.filter((_, at) => exists[at]) : null
  return { facts: { account, fees, tip, existing, fuel: simulation?.fuel ?? null }, simulation }
}
