import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { ipRulesOf } from '../records.ts'
import { IpRuleBody, ipRuleBody } from '../schemas.ts'

export const listIpRules = operation({
  name: 'security.listIpRules',
  summary: 'List the IP rules of your organisation.',
  http: { method: 'GET', path: '/v1/security/ip-rules', status: 200, id: 'listIpRules', tag: 'Security' },
  command: { columns: ['rule_type', 'cidr', 'applies_to', 'label', 'id'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'ip_rule.list', resource: 'ip_rule' },
  input: z.object({}),
  output: z.object({ rules: z.array(IpRuleBody) }),
  errors: [],
  run: ({ unit }) => ({ rules: ipRulesOf(unit).map((rule) => ipRuleBody(unit.org, rule)) }),
})
