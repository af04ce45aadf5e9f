import * as z from 'zod'
import { showAmount } from '../../families/index.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { type Deposit, type Destination, statuses } from './records.ts'

export const destinationRef = { destination_id: fields.id().describe('ID of the deposit destination.') }

export function statusField() {
  return z.enum(statuses, `must be one of ${statuses.join(', ')}`)
}

export const DestinationBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    user_id: fields.id(),
    treasury_wallet_id: fields.id().optional(),
    chain: z.string(),
    address: z.string(),
    label: z.string().optional(),
    metadata: fields.shownObject().optional(),
    status: statusField(),
    auto_credit_account_id: fields.id().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'DepositDestination' })

export type DestinationBody = z.infer<typeof DestinationBody>

export function destinationBody(org: string, destination: Destination): DestinationBody {
  const { id, createdBy, walletId, chain, address, label, metadata, status, accountId, createdAt } = destination
  return {
    ...{ id, org_id: org, user_id: createdBy.id },
    ...(walletId === null ? {} : { treasury_wallet_id: walletId }),
    ...{ chain, address },
    ...(label === null ? {} : { label }),
    ...(metadata === null ? {} : { metadata }),
    status,
    ...(accountId === null ? {} : { auto_credit_account_id: accountId }),
    created_at: rfc3339(createdAt),
  }
}

export const DepositBody = z
  .object({
    id: fields.id(),
    destination_id: fields.id(),
    chain: z.string(),
    tx_hash: z.string(),
    from_address: z.string().optional(),
    amount: z.string().describe('In the major unit, such as ETH or USDC.'),
    token_address: z.string().optional().describe('Left out: the native currency.'),
    token_symbol: z.string(),
    block_number: fields.count(Number.MAX_SAFE_INTEGER),
    confirmations: fields.count(Number.MAX_SAFE_INTEGER).describe('0 when its block has left the chain.'),
    status: z
      .enum(['received', 'confirmed', 'credited', 'orphaned', 'reversed'])
      .describe('orphaned: its block left the chain. reversed: the same after the credit, which was taken back.'),
    confirmed_at: fields.shownTime().optional(),
    credited_at: fields.shownTime().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'DepositEvent' })

export type DepositBody = z.infer<typeof DepositBody>

/** `newest`: the newest block that was read. */
export function depositBody(deposit: Deposit, newest: number): DepositBody {
  const { id, destinationId, chain, transactionId, from, token, symbol, decimals, units, height, status } = deposit
  const { confirmedAt, creditedAt, createdAt } = deposit
  const isGone = status === 'orphaned' || status === 'reversed'
  return {
    ...{ id, destination_id: destinationId, chain, tx_hash: transactionId },
    ...(from === null ? {} : { from_address: from }),
    amount: showAmount(BigInt(units), decimals),
    ...(token === null ? {} : { token_address: token }),
    ...{ token_symbol: symbol, block_number: height },
    confirmations: isGone ? 0 : Math.max(1, newest - height + 1),
    status,
    ...(confirmedAt === null ? {} : { confirmed_at: rfc3339(confirmedAt) }),
    ...(creditedAt === null ? {} : { credited_at: rfc3339(creditedAt) }),
    created_at: rfc3339(createdAt),
  }
}
