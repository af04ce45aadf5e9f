import * as z from 'zod'
import { showAmount } from '../../families/index.ts'
import type { Json } from '../../kernel/json.ts'
import type { AgentAddition } from '../../operations/index.ts'
import { builtInDecimals } from '../chains/index.ts'

import { countToday, type Ledger, movedIn, overheadToday } from './ledger.ts'
import { ledgerKind } from './records.ts'

const families = Object.keys(builtInDecimals) as (keyof typeof builtInDecimals)[]

/** What an agent has used of its budgets. A number that is zero is left out: strict clients do not know these fields. */
export const agentAdditions: AgentAddition = {
  fields: {
    tx_spent_today: z.string().describe('ETH moved on EVM chains in the last 24 hours.'),
    tx_spent_today_eth: z.string().describe('The same, under its older name.'),
    tx_spent_today_by_chain: z.record(z.string(), z.string()).describe('Amount moved in the last 24 hours, by family.'),
    tx_count_today: z.int().describe('Transactions signed on this UTC day.'),
    tx_overhead_today_by_chain: z.record(z.string(), z.string()).describe('Fees and rent of this UTC day, by family.'),
    signing_frozen: z.boolean().describe('Whether a human has stopped all signing of the agent.'),
  },
  of: ({ unit, now }, agentIds) =>
    unit.getAll(ledgerKind, agentIds).map((ledger) => (ledger ? shownOf(ledger, now) : {})),
}

function shownOf(ledger: Ledger, now: number): Readonly<Record<string, Json>> {
  const spent = byFamily((family) => movedIn(ledger, now, family))
  const overhead = byFamily((family) => overheadToday(ledger, now, family))
  const count = countToday(ledger, now, '')
  return {
    ...(spent.evm !== undefined && { tx_spent_today: spent.evm, tx_spent_today_eth: spent.evm }),
    ...(Object.keys(spent).length > 0 && { tx_spent_today_by_chain: spent }),
    ...(count > 0 && { tx_count_today: count }),
    ...(Object.keys(overhead).length > 0 && { tx_overhead_today_by_chain: overhead }),
    ...(ledger.frozen && { signing_frozen: true }),
  }
}

function byFamily(sum: (family: string) => bigint): Record<string, string> {
  const sums = families.map((family) => [family, sum(family)] as const).filter(([, units]) => units > 0n)
  return Object.fromEntries(sums.map(([family, units]) => [family, showAmount(units, builtInDecimals[family])]))
}
