import * as z from 'zod'
import { day, rfc3339 } from '../../../kernel/time.ts'
import { operation, signedIn } from '../../../operations/index.ts'
import { accountOf } from '../account.ts'
import { balanceOf, endingBefore } from '../credits.ts'
import { centsOf, usdText } from '../money.ts'
import { BalanceBody } from '../schemas.ts'

export const getBalance = operation({
  name: 'billing.balance',
  summary: 'Show the prepaid credits of your organisation, and which of them end soon.',
  http: { method: 'GET', path: '/v1/billing/credits/balance', status: 200, id: 'billingCreditBalance', tag: 'Billing' },
  command: { name: 'billing credits' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'billing.balance', resource: 'billing' },
  input: z.object({}),
  output: BalanceBody,
  errors: [],
  run: (context) => {
    const { unit, now } = context
    const account = accountOf(unit, signedIn(context).org)
    const balance = balanceOf(account, now)
    const { micros, earliest } = endingBefore(account, now, now + 90 * day)
    return {
      balance_cents: centsOf(balance),
      balance_usd: usdText(balance),
      expiring_within_30d_cents: centsOf(endingBefore(account, now, now + 30 * day).micros),
      expiring_within_90_days: {
        amount_cents: centsOf(micros),
        ...(earliest !== null && { earliest_expiry: rfc3339(earliest) }),
      },
    }
  },
})
