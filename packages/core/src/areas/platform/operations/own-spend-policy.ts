import * as z from 'zod'
import { agentFields, operation, signedIn } from '../../../operations/index.ts'
import { effectiveSpendPolicy, policiesOfUser, SpendPolicyBody, spendPolicyBody } from '../spend-policies.ts'

export const ownSpendPolicy = operation({
  name: 'platform.ownSpendPolicy',
  summary: 'Get what limits your wallets: the strictest of all policies of the apps that you are connected to.',
  http: {
    method: 'GET',
    path: '/v1/treasury/wallets/spend-policy',
    status: 200,
    id: 'getEffectiveSpendPolicy',
    tag: 'Treasury Wallets',
  },
  command: { name: 'connected-app spend-policy' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'platform_connection.spend_policy', resource: 'platform_connection' },
  input: z.object({}),
  output: z.object({
    policy: SpendPolicyBody.nullable(),
    source: z
      .enum(['connection', 'app', 'none'])
      .describe('connection: a policy for you alone is among them. app: only policies for all users of an app.'),
    ...SpendPolicyBody.partial().shape,
  }),
  errors: [],
  run: (context) => {
    const { id } = signedIn(context)
    const effective = effectiveSpendPolicy(context.unit, id)
    const policies = policiesOfUser(context.unit, id).toSorted((a, b) => b.updatedAt - a.updatedAt)
    const [newest] = policies
    if (!effective || !newest) return { policy: null, source: 'none' as const }
    const policy = spendPolicyBody({
      ...newest,
      ...effective,
      toAllowlist: shownList(effective.toAllowlist),
      allowedChains: shownList(effective.allowedChains),
      allowedTokens: shownList(effective.allowedTokens),
    })
    const isOwn = policies.some(({ userId }) => userId !== null)
    return { ...policy, policy, source: isOwn ? ('connection' as const) : ('app' as const) }
  },
})

/** On the wire, an empty list allows everything. So a list that allows nothing has an entry that nothing is called. */
function shownList(list: readonly string[] | null): readonly string[] {
  if (list === null) return []
  return list.length === 0 ? agentFields.allowsNothing : list
}
