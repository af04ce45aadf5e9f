import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound, spendPolicyNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { spendPolicyKind } from '../records.ts'

export const deleteSpendPolicy = operation({
  name: 'platform.deleteSpendPolicy',
  summary: 'Delete a spend policy of an app.',
  http: {
    method: 'DELETE',
    path: '/v1/platform/apps/{app_id}/spend-policies/{policy_id}',
    status: 204,
    id: 'deleteSpendPolicy',
    tag: 'Platform',
  },
  command: { name: 'app delete-spend-policy' },
  effect: 'write',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform.spend_policy_deleted',
    resource: 'platform_app',
    about: ({ app_id, policy_id }) => aboutApp(app_id, { policy_id }),
  },
  input: z.object({ app_id: fields.id(), policy_id: fields.id() }),
  output: z.undefined(),
  errors: [appNotFound, spendPolicyNotFound],
  run: ({ unit }, { app_id, policy_id }) => {
    const policy = unit.require(spendPolicyKind, policy_id, spendPolicyNotFound)
    if (policy.appId !== app_id) throw spendPolicyNotFound()
    unit.delete(spendPolicyKind, policy)
    return undefined
  },
})
