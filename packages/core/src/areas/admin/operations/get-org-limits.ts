import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { accountOf } from '../../billing/index.ts'
import { LimitsBody, limitsBody, orgRef, requireOrg } from '../account.ts'
import { orgNotFound } from '../errors.ts'

export const getOrgLimits = operation({
  name: 'admin.getOrgLimits',
  summary: 'Get the limits that an organisation has in place of those of its tier. For the operator.',
  http: { method: 'GET', path: '/v1/admin/orgs/{org_id}/limits', status: 200, id: 'adminGetOrgLimits', tag: 'Admin' },
  command: { name: 'admin limits', positionals: ['org_id'] },
  effect: 'read',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'org.read_limits', resource: 'org', about: ({ org_id }) => ({ id: org_id }) },
  input: z.object(orgRef),
  output: LimitsBody,
  errors: [orgNotFound],
  run: (context, { org_id: id }) => {
    requireOrg(context, id)
    return limitsBody(accountOf(context.unit, id))
  },
})
