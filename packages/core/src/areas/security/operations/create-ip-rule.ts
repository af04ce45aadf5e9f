import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { changeRules } from '../change-rules.ts'
import { ipRuleLockout, tooManyIpRules } from '../errors.ts'
import type { IpRule } from '../records.ts'
import { cidrField, forceField, IpRuleBody, ipRuleBody } from '../schemas.ts'

export const createIpRule = operation({
  name: 'security.createIpRule',
  summary: 'Allow or deny a range of addresses for the callers of your organisation.',
  http: { method: 'POST', path: '/v1/security/ip-rules', status: 201, id: 'createIpRule', tag: 'Security' },
  command: { positionals: ['rule_type', 'cidr'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'ip_rule.create',
    resource: 'ip_rule',
    about: ({ rule_type, cidr, applies_to = 'all' }, rule) => ({ id: rule?.id, rule_type, cidr, applies_to }),
  },
  input: z.object({
    rule_type: z.enum(['allow', 'deny'], 'must be allow or deny').describe('Deny rules win over allow rules.'),
    cidr: cidrField().describe('An address or a range.'),
    label: fields.optional(fields.plainText(255)).describe('Note for the people of your organisation.'),
    applies_to: fields
      .optional(z.enum(['all', 'users', 'agents'], 'must be all, users or agents'))
      .describe('The callers that the rule concerns. Default: all.'),
    force: forceField(),
  }),
  output: IpRuleBody,
  errors: [ipRuleLockout, tooManyIpRules],
  run: (context, { rule_type: type, cidr, label = '', applies_to: appliesTo = 'all', force }) => {
    const { unit, now, newId } = context
    const createdBy = signedIn(context).id
    const rule: IpRule = { id: newId(), type, cidr, label, appliesTo, createdBy, createdAt: now }
    changeRules(context, (rules) => [...rules, rule], force)
    return ipRuleBody(unit.org, rule)
  },
})
