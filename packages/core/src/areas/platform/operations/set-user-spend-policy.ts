import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appConnection } from '../connections.ts'
import { connectionNotFound } from '../errors.ts'
import { aboutConnection } from '../events.ts'
import { type SpendPolicy, spendPolicyKind } from '../records.ts'
import { limitsOf, SpendPolicyBody, spendPolicyBody, spendPolicyFields } from '../spend-policies.ts'

export const setUserSpendPolicy = operation({
  name: 'platform.setUserSpendPolicy',
  summary: 'Set the spend policy of one user, in place of the one before. It never widens the policy of the app.',
  http: {
    method: 'PUT',
    path: '/v1/platform/connections/{connection_id}/spend-policy',
    status: 200,
    id: 'setUserSpendPolicy',
    tag: 'Platform',
  },
  command: { name: 'app set-spend-policy' },
  effect: 'write',
  access: { signedIn: ['user', 'app'] },
  idempotent: true,
  audit: {
    action: 'platform.spend_policy_set',
    resource: 'platform_connection',
    about: ({ connection_id }, made) =>
      aboutConnection(connection_id, { app_id: made?.platform_app_id, policy_id: made?.id }),
  },
  input: z.object({
    connection_id: fields.id(),
    user_id: fields.optional(fields.id()).describe('Has no effect: the connection names the user.'),
    ...spendPolicyFields,
  }),
  output: SpendPolicyBody,
  errors: [connectionNotFound],
  run: (context, { connection_id, ...given }) => {
    const { unit, now, newId } = context
    const { app, connection } = appConnection(context, connection_id)
    const { userId } = connection
    const [newest, ...others] = unit.list(spendPolicyKind, 'user', app.id, userId)
    for (const other of others) unit.delete(spendPolicyKind, other)
    const kept = newest ?? { id: newId(), appId: app.id, userId, createdAt: now }
    const policy: SpendPolicy = { ...kept, updatedAt: now, ...limitsOf(given) }
    unit.put(spendPolicyKind, policy)
    return spendPolicyBody(policy)
  },
})
