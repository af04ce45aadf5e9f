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
  const { call, lookups, isOpen } = questionsOf({ chain, family, request, draft })
  const ask = <T>(isWanted: boolean, question: () => Promise<T>): Promise<T | null> =>
    isWanted ? asked(engine, chain, question) : Promise.resolve(null)
  const [account, fees, tip, exists, results] = await Promise.all([
    ask(isOpen.account, () => nodes.account(from)),
    ask(isOpen.fees, () => nodes.fees()),
    ask(isOpen.tip, () => nodes.tip()),
    ask(lookups.length > 0, async () => (await nodes.exists?.(lookups)) ?? null),
    call && (simulates || isOpen.gas) ? simulated(engine, chain, nodes, [call]) : null,
  ])
  const [simulation = null] = results ?? []
  const existing = exists ? lookups.filter((_, at) => exists[at]) : null
  return { facts: { account, fees, tip, existing, fuel: simulation?.fuel ?? null }, simulation }
}

type Named = Pick<Prepared, 'chain' | 'family' | 'request' | 'draft'>

/** What the request leaves open, so that a node must say it. */
function questionsOf({ chain, family, request, draft }: Named) {
  const isEvm = chain.family === 'evm'
  const has = (name: string) => request.fields[name] !== undefined
  const call = family.call?.(draft)
  const isOpen = {
    account: !isEvm || !has('nonce'),
    fees: !isEvm || !(has('gas_price') || has('max_fee_per_gas')),
    tip: !isEvm,
    gas: call !== undefined && call.data.length > 0 && !has('gas_limit'),
  }
  return { call, lookups: family.lookups?.(draft) ?? [], isOpen }
}

/** Whether the request says everything that its bytes need. */
export function asksNothing(named: Named): boolean {
  const { lookups, isOpen } = questionsOf(named)
  return lookups.length === 0 && !Object.values(isOpen).includes(true)
}
