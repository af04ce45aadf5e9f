import * as z from 'zod'
import { monthOf, rfc3339 } from '../../../kernel/time.ts'
import { type Context, operation, signedIn } from '../../../operations/index.ts'
import { walletCountKind, walletsMax } from '../../wallets/index.ts'
import { accountOf, tierOf } from '../account.ts'
import { type Counted, counts } from '../counts.ts'
import { balanceOf } from '../credits.ts'
import { centsOf, usdText } from '../money.ts'
import { noLimit, SubscriptionBody } from '../schemas.ts'
import { signaturesIn } from '../signatures.ts'
import { requestsIn } from '../usage.ts'

/** Things of an organisation without a limit are counted so far. */
const countedMax = 10_000

export const getSubscription = operation({
  name: 'billing.subscription',
  summary: 'Show the tier of your organisation, what it has used of it, and its credits.',
  http: { method: 'GET', path: '/v1/billing/subscription', status: 200, id: 'billingSubscription', tag: 'Billing' },
  command: { name: 'billing show' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'billing.subscription', resource: 'billing' },
  input: z.object({}),
  output: SubscriptionBody,
  errors: [],
  run: (context) => {
    const { unit, now } = context
    const { org } = signedIn(context)
    const account = accountOf(unit, org)
    const { name, tier } = tierOf(context, account)
    const { limits = {} } = tier
    const endsAt = account.subscription?.periodEndsAt ?? account.tierEndsAt
    const balance = balanceOf(account, now)
    const month = monthOf(now)
    const used = (what: Counted) => usedOf(context, what, limits[what])
    return {
      tier: name,
      interval: account.subscription?.interval ?? 'monthly',
      ...(endsAt !== null && { period_end: rfc3339(endsAt) }),
      status: account.subscription?.status ?? 'active',
      credit_balance_cents: centsOf(balance),
      credit_balance_usd: usdText(balance),
      overage_method: account.overageMethod,
      usage: {
        requests: { used: requestsIn(unit, org, month), limit: limits.requests ?? noLimit },
        secrets: used('secrets'),
        agents: used('agents'),
        vaults: used('vaults'),
        team_members: used('members'),
        intent_transactions: { used: signaturesIn(unit, month), limit: limits.signatures ?? noLimit },
        wallets: { used: unit.get(walletCountKind, 'org')?.wallets ?? 0, limit: walletsMax },
        shares: used('shares'),
      },
    }
  },
})

function usedOf(context: Context, what: Counted, limit: number | undefined) {
  return { used: counts[what](context, Math.max(limit ?? 0, countedMax)), limit: limit ?? noLimit }
}
