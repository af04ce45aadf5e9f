import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Engine, fields } from '../../operations/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { submittedFields } from '../consensus/index.ts'
import { native } from './approval-summary.ts'
import { isOperation } from './operation-request.ts'
import type { Transaction } from './records.ts'

/** The amount beside `value_wei`. */
export function valueField() {
  return z.string().optional().describe('The same amount as text, such as 0.5 ETH. Absent for an amount of a token.')
}

export const TransactionBody = z
  .object({
    id: fields.id(),
    agent_id: fields.id(),
    chain: z.string(),
    chain_id: z.int().describe('0 for chains without a number.'),
    from: z.string(),
    to: z.string(),
    value_wei: z.string().describe('In the smallest unit of the chain, or of the token.'),
    value: valueField(),
    status: z
      .string()
      .describe('pending, awaiting_approval, signed, sign_only, broadcast, failed or simulation_failed.'),
    chain_state: z
      .string()
      .optional()
      .describe('sending, pending, included, confirmed, reverted, replaced, dropped or refused.'),
    nonce: z.int().optional(),
    signed_tx: z.string().optional(),
    tx_hash: z.string().optional(),
    user_op_hash: z
      .string()
      .optional()
      .describe('Hash of the user operation. tx_hash is the transaction of the bundler, once it is on the chain.'),
    block: z.int().optional(),
    error_message: z.string().optional(),
    created_at: fields.shownTime(),
    signed_at: fields.shownTime().optional(),
    simulation_id: z.string().optional(),
    simulation_status: z.string().optional(),
    max_fee_per_gas: z.string().optional(),
    max_priority_fee_per_gas: z.string().optional(),
    approval_id: fields.id().optional(),
    ...submittedFields,
    proposal_id: fields
      .id()
      .optional()
      .describe('The proposal of a treasury that it asks for, or that it carries out.'),
  })
  .meta({ id: 'TransactionResponse' })

export type TransactionBody = z.infer<typeof TransactionBody>

/** The amount as text. Null for an amount of a token, and for a chain that the registry does not have any more. */
export function shownValue({ request }: Transaction, chain: RegisteredChain | null): string | null {
  return chain && !request.fields.token_mint ? native(chain, BigInt(request.value)) : null
}

/** With `withSigned`, the signed bytes too. Answers to reads leave them out unless the caller asks for them. */
export function transactionBody(one: Transaction, chain: RegisteredChain | null, withSigned: boolean): TransactionBody {
  return {
    id: one.id,
    agent_id: one.agentId,
    chain: one.chain,
    chain_id: chain?.chainId ?? 0,
    from: one.from,
    to: one.to,
    value_wei: one.request.value,
    ...given('value', shownValue(one, chain)),
    status: one.status,
    created_at: rfc3339(one.createdAt),
    ...given('chain_state', one.chainState),
    ...given('nonce', one.nonce === null ? null : Number(one.nonce)),
    ...given('signed_tx', withSigned && mayShow(one) ? one.signed : null),
    ...(isOperation(one)
      ? { ...given('user_op_hash', one.hash), ...given('tx_hash', one.includedIn ?? null) }
      : given('tx_hash', one.hash)),
    ...given('block', one.height === null ? null : Number(one.height)),
    ...given('error_message', one.error),
    ...given('signed_at', one.signedAt === null ? null : rfc3339(one.signedAt)),
    ...given('simulation_id', one.simulation?.id ?? null),
    ...given('simulation_status', one.simulation?.status ?? null),
    ...given('max_fee_per_gas', one.maxFee),
    ...given('max_priority_fee_per_gas', one.priorityFee),
    ...given('approval_id', one.approvalId),
    ...given('proposal_id', one.safe?.proposalId ?? null),
  }
}

/** Until a node accepts them, signed bytes are shown only if the caller has them already. */
function mayShow({ status, chainState, isShown }: Transaction): boolean {
  return status !== 'signed' || chainState !== 'sending' || isShown
}

function given<Name extends string, T>(name: Name, value: T | null): { readonly [N in Name]?: T } {
  return value === null ? {} : ({ [name]: value } as { readonly [N in Name]?: T })
}

export const SimulationBody = z
  .object({
    simulation_id: z.string(),
    status: z.enum(['success', 'reverted', 'error']),
    gas_used: z.int(),
    balance_changes: z
      .array(
        z
          .object({
            address: z.string(),
            token: z.string().optional().describe('Contract of the token. Absent for the native currency.'),
            token_symbol: z.string().optional(),
            before: z.string(),
            after: z.string(),
            change: z.string(),
            amount: z.string().describe('The change as text, such as -0.5 ETH.'),
          })
          .meta({ id: 'BalanceChange' }),
      )
      .describe('In the smallest unit. Empty also if the node cannot tell, which `error` says then.'),
    error: z.string().optional(),
    error_code: z.string().optional(),
    error_human_readable: z.string().optional(),
    revert_reason: z.string().optional(),
    simulated_at: fields.shownTime(),
  })
  .meta({ id: 'SimulationResponse' })

export type SimulationBody = z.infer<typeof SimulationBody>

/** A simulation that a node could not do. */
export function simulationError({ newId, records }: Pick<Engine, 'newId' | 'records'>, error: string): SimulationBody {
  const facts = { simulation_id: newId(), simulated_at: rfc3339(records.now()) }
  return { ...facts, status: 'error', gas_used: 0, balance_changes: [], error }
}
