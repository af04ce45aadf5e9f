import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { connectionOf } from '../connect.ts'
import { appNotFound, spendPoliciesFull } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { type SpendPolicy, spendPolicyKind } from '../records.ts'
import { limitsOf, SpendPolicyBody, spendPolicyBody, spendPolicyFields } from '../spend-policies.ts'

const policiesMax = 1_000

export const createSpendPolicy = operation({
  name: 'platform.createSpendPolicy',
  summary: 'Limit what the wallets of all users of an app may spend, or of one user. The strictest policy wins.',
  http: {
    method: 'POST',
    path: '/v1/platform/apps/{app_id}/spend-policies',
    status: 201,
    id: 'createSpendPolicy',
    tag: 'Platform',
  },
  command: { name: 'app add-spend-policy' },
  effect: 'write',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform.spend_policy_created',
    resource: 'platform_app',
    about: ({ app_id, user_id }, made) => aboutApp(app_id, { policy_id: made?.id, user_id }),
  },
  input: z.object({
    app_id: fields.id(),
    user_id: fields.optional(fields.id()).describe('The user that the policy is for. Default: every user of the app.'),
    ...spendPolicyFields,
  }),
  output: SpendPolicyBody,
  errors: [appNotFound, spendPoliciesFull],
  run: (context, { app_id, user_id: userId = null, ...given }) => {
    const { unit, now, newId } = context
    if (userId !== null && !connectionOf(context, app_id, userId)) {
      throw invalidField('user_id', 'must be a user of the app')
    }
    if (unit.list(spendPolicyKind, 'app', app_id).length >= policiesMax) throw spendPoliciesFull({ max: policiesMax })
    const limits = limitsOf(given)
    const policy: SpendPolicy = { id: newId(), appId: app_id, userId, createdAt: now, updatedAt: now, ...limits }
    unit.put(spendPolicyKind, policy)
    return spendPolicyBody(policy)
  },
})
