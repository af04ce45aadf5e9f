import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { spendPolicyKind } from '../records.ts'
import { SpendPolicyBody, spendPolicyBody } from '../spend-policies.ts'

export const listSpendPolicies = operation({
  name: 'platform.listSpendPolicies',
  summary: 'List the spend policies of an app, oldest first.',
  http: {
    method: 'GET',
    path: '/v1/platform/apps/{app_id}/spend-policies',
    status: 200,
    id: 'listSpendPolicies',
    tag: 'Platform',
  },
  command: { name: 'app spend-policies', columns: ['id', 'user_id', 'max_value_per_tx_eth', 'daily_limit_eth'] },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: {
    action: 'platform_app.list_spend_policies',
    resource: 'platform_app',
    about: ({ app_id }) => aboutApp(app_id),
  },
  input: z.object({ app_id: fields.id() }),
  output: z.object({ policies: z.array(SpendPolicyBody) }),
  errors: [appNotFound],
  run: ({ unit }, { app_id }) => ({ policies: unit.list(spendPolicyKind, 'app', app_id).map(spendPolicyBody) }),
})
