import { defineError } from '../../kernel/errors.ts'

export const ipRuleNotFound = defineError(
  'ip_rule_not_found',
  'not_found',
  'The organisation has no IP rule with this ID.',
)

export const ipRuleLockout = defineError(
  'ip_rule_lockout',
  'conflict',
  'This change excludes the address of this request. Send force: true if you want this.',
)

export const tooManyIpRules = defineError<{ max: number }>(
  'too_many_ip_rules',
  'conflict',
  ({ max }) => `An organisation has at most ${max} IP rules. Delete one, or use a wider range.`,
)
