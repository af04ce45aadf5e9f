import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { centsOf, usdText } from '../money.ts'
import { creditEntryKind } from '../records.ts'
import { TransactionBody } from '../schemas.ts'

const pageMax = 100
const limitMax = 200

export const listTransactions = operation({
  name: 'billing.transactions',
  summary: 'List what came and went of the credits of your organisation, newest first. Usage is one line per day.',
  http: {
    method: 'GET',
    path: '/v1/billing/credits/transactions',
    status: 200,
    id: 'billingCreditTransactions',
    tag: 'Billing',
  },
  command: { name: 'billing ledger', columns: ['created_at', 'type', 'amount_usd', 'description'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'billing.transactions', resource: 'billing' },
  input: z.object({
    page: fields.optional(fields.count(pageMax, 1)).describe('Default: 1.'),
    limit: fields.optional(fields.count(limitMax, 1)).describe('Lines per page. Default: 50.'),
  }),
  output: z
    .object({ transactions: z.array(TransactionBody), page: z.int(), limit: z.int() })
    .meta({ id: 'CreditTransactionsListResponse' }),
  errors: [],
  run: (context, { page = 1, limit = 50 }) => {
    const tuple = [signedIn(context).org]
    const entries = context.unit.page(creditEntryKind, 'org', { tuple, reverse: true, limit: page * limit })
    const transactions = entries.slice((page - 1) * limit).map((entry) => ({
      id: entry.id,
      type: entry.type,
      amount_cents: centsOf(entry.micros),
      balance_after_cents: centsOf(entry.balanceMicros),
      amount_usd: usdText(entry.micros),
      description: entry.description,
      created_at: rfc3339(entry.createdAt),
    }))
    return { transactions, page, limit }
  },
})
