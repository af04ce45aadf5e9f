import { rfc3339 } from '../../kernel/time.ts'
import type { Engine } from '../../operations/index.ts'
import type { AnyChain, BalanceChange, ChainCall, Simulation } from '../../ports/chain.ts'
import type { RegisteredChain, Token } from '../chains/index.ts'
import { asked } from '../signers/index.ts'
import { amountsOf, type ShowAmount } from './approval-summary.ts'
import type { SimulationBody } from './schemas.ts'

/** Runs calls on a node, one after the other. Null: the node cannot simulate. */
export async function simulated(
  engine: Engine,
  chain: RegisteredChain,
  nodes: AnyChain,
  calls: readonly ChainCall[],
): Promise<readonly Simulation[] | null> {
  return nodes.simulate ? asked(engine, chain, () => nodes.simulate?.(calls) ?? Promise.resolve([])) : null
}

/** A simulation as an answer. It omits every fact that the node does not report. */
export function simulationBody(
  engine: Engine,
  done: Simulation,
  chain: RegisteredChain,
  tokens: readonly Token[],
): SimulationBody {
  const facts = { simulation_id: engine.newId(), simulated_at: rfc3339(engine.records.now()) }
  if (done.succeeded) {
    const show = amountsOf(chain, tokens)
    const changes = done.changes?.map((change) => changeBody(change, show, tokens)) ?? []
    const unknown = done.changes === null ? { error: 'The node cannot tell which balances change.' } : {}
    return { ...facts, status: 'success', gas_used: Number(done.fuel), balance_changes: changes, ...unknown }
  }
  const { reason, fuel } = done
  return {
    ...facts,
    status: 'reverted',
    gas_used: Number(fuel ?? 0n),
    balance_changes: [],
    ...{ error: reason, error_code: 'reverted', error_human_readable: reason, revert_reason: reason },
  }
}

function changeBody({ address, token, before, after }: BalanceChange, show: ShowAmount, tokens: readonly Token[]) {
  const symbol = tokens.find(({ contract }) => contract.toLowerCase() === token?.toLowerCase())?.symbol
  return {
    address,
    ...(token !== null && { token }),
    ...(symbol !== undefined && { token_symbol: symbol }),
    ...{ before: before.toString(), after: after.toString(), change: (after - before).toString() },
    amount: show(token, after - before),
  }
}
