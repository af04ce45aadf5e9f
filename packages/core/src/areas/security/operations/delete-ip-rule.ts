import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { changeRules } from '../change-rules.ts'
import { ipRuleLockout, ipRuleNotFound } from '../errors.ts'
import { forceField } from '../schemas.ts'

export const deleteIpRule = operation({
  name: 'security.deleteIpRule',
  summary: 'Delete an IP rule.',
  http: { method: 'DELETE', path: '/v1/security/ip-rules/{rule_id}', status: 204, id: 'deleteIpRule', tag: 'Security' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'ip_rule.delete', resource: 'ip_rule', about: ({ rule_id }) => ({ id: rule_id }) },
  input: z.object({ rule_id: fields.id(), force: forceField() }),
  output: z.undefined(),
  errors: [ipRuleNotFound, ipRuleLockout],
  run: (context, { rule_id: ruleId, force }) => {
    changeRules(
      context,
      (rules) => {
        if (!rules.some(({ id }) => id === ruleId)) throw ipRuleNotFound()
        return rules.filter(({ id }) => id !== ruleId)
      },
      force,
    )
    return undefined
  },
})
