import * as z from 'zod'
import { cidrShape, formatCidr, parseCidr } from '../../kernel/ip.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { IpRule } from './records.ts'

/** An IP rule in responses. */
export const IpRuleBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    rule_type: z.enum(['allow', 'deny']),
    cidr: z.string(),
    label: z.string(),
    applies_to: z.enum(['all', 'users', 'agents']),
    created_by: fields.id(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'IpRule' })

export type IpRuleBody = z.infer<typeof IpRuleBody>

export function ipRuleBody(org: string | null, rule: IpRule): IpRuleBody {
  const { id, type, cidr, label, appliesTo, createdBy, createdAt } = rule
  return {
    id,
    org_id: org ?? '',
    rule_type: type,
    cidr,
    label,
    applies_to: appliesTo,
    created_by: createdBy,
    created_at: rfc3339(createdAt),
  }
}

/** A range of addresses in its canonical form. A single address is a range of one. */
export function cidrField() {
  return z
    .string('must be a string')
    .transform((given, context) => {
      const range = parseCidr(given)
      if (range) return formatCidr(range)
      context.addIssue('must be an address or a range, such as 203.0.113.7 or 10.0.0.0/8')
      return z.NEVER
    })
    .meta(cidrShape)
}

/** With `true`, a change may exclude the address of the caller. */
export function forceField() {
  return fields
    .optional(z.boolean('must be true or false'))
    .describe('Make the change even if it excludes the address of this request. Default: false.')
}
