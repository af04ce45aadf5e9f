import type { UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { smartAccountKind, smartAccountNotFound } from '../smartaccounts/index.ts'
import type { TransactionInput } from './input.ts'
import type { Transaction } from './records.ts'

/** The fields of a request that make it an operation. Null: it is none. They are stored and approved with the request. */
export function operationFields({ mode, gasless = false }: Partial<TransactionInput>) {
  const isOne = mode === 'smart_account' || (gasless && mode === undefined)
  return isOne ? { mode: 'smart_account', gasless } : null
}

export function isOperation({ request }: Pick<Transaction, 'request'>): boolean {
  return request.fields.mode === 'smart_account'
}

/** The Safe of the agent on the chain. */
export function smartAccountOf(
  { unit }: Pick<UnitContext, 'unit'>,
  agent: Agent,
  { chainId }: RegisteredChain,
): string {
  const account = chainId === null ? null : unit.find(smartAccountKind, 'chain', agent.id, chainId)
  if (!account) throw smartAccountNotFound()
  return account.safeAddress
}
