import * as z from 'zod'
import { fields, forTheTrail, operation } from '../../../operations/index.ts'
import { accountOf, changeLimit } from '../../billing/index.ts'
import { LimitsBody, limitsBody, orgRef, requireOrg, tellOrg } from '../account.ts'
import { orgNotFound } from '../errors.ts'

const action = 'org.update_limits'

export const updateOrgLimits = operation({
  name: 'admin.updateOrgLimits',
  summary: 'Give an organisation limits in place of those of its tier. For the operator.',
  http: {
    method: 'PUT',
    path: '/v1/admin/orgs/{org_id}/limits',
    status: 200,
    id: 'adminUpdateOrgLimits',
    tag: 'Admin',
  },
  command: { name: 'admin set-limits', positionals: ['org_id'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action, resource: 'org', about: ({ org_id }) => ({ id: org_id }) },
  input: z.object({
    ...orgRef,
    free_tier_override: fields.clearable(fields.count()).describe('Requests per month. null: as its tier says.'),
    is_sponsored: fields
      .optional(z.boolean('must be true or false'))
      .describe('true: no limit of a tier holds, and the organisation pays nothing.'),
  }),
  output: LimitsBody,
  errors: [orgNotFound],
  run: (context, { org_id: id, free_tier_override, is_sponsored }) => {
    requireOrg(context, id)
    const old = accountOf(context.unit, id)
    const changed = changeLimit(context, id, {
      requestsMax: free_tier_override === undefined ? old.requestsMax : free_tier_override,
      isSponsored: is_sponsored ?? old.isSponsored,
    })
    const details = { before: limitsBody(old), after: limitsBody(changed) }
    forTheTrail(context, details)
    tellOrg(context, id, action, details)
    return limitsBody(changed)
  },
})
