import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { day, rfc3339 } from '../../../kernel/time.ts'
import { fields, forTheTrail, operation } from '../../../operations/index.ts'
import { accountOf, changeLimit, tierOf, unlimitedTier } from '../../billing/index.ts'
import { orgRef, requireOrg, tellOrg } from '../account.ts'
import { orgNotFound } from '../errors.ts'

const action = 'org.set_tier'
const usualDays = 365

export const setBillingTier = operation({
  name: 'admin.setBillingTier',
  summary: 'Give an organisation a tier for some time, without a payment. For the operator.',
  http: {
    method: 'PUT',
    path: '/v1/admin/orgs/{org_id}/billing-tier',
    status: 200,
    id: 'adminSetBillingTier',
    tag: 'Admin',
  },
  command: { name: 'admin set-tier', positionals: ['org_id', 'tier'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action, resource: 'org', about: ({ org_id }) => ({ id: org_id }) },
  input: z.object({
    ...orgRef,
    tier: fields.plainText(64, 1).describe('Name of a tier of PAWL_TIERS, such as pro. The default tier has no end.'),
    duration_days: fields.optional(fields.count(3_650, 1)).describe('How long the tier lasts. Default: 365.'),
  }),
  output: z.object({ org_id: fields.id(), tier: z.string(), period_end: fields.shownTime().optional() }),
  errors: [orgNotFound],
  run: (context, { org_id: id, tier, duration_days: days = usualDays }) => {
    requireOrg(context, id)
    const { unit, now, settings } = context
    const tiers = settings.tiers ?? { default: unlimitedTier, tiers: { [unlimitedTier]: {} } }
    if (!Object.hasOwn(tiers.tiers, tier)) {
      throw invalidField('tier', `must be a tier of PAWL_TIERS: ${Object.keys(tiers.tiers).join(', ')}`)
    }
    const before = tierOf(context, accountOf(unit, id)).name
    const endsAt = tier === tiers.default ? null : now + days * day
    changeLimit(context, id, { tier: endsAt === null ? null : tier, tierEndsAt: endsAt })
    const details = { before, after: tier, ...(endsAt !== null && { period_end: rfc3339(endsAt) }) }
    forTheTrail(context, details)
    tellOrg(context, id, action, details)
    return { org_id: id, tier, ...(endsAt !== null && { period_end: rfc3339(endsAt) }) }
  },
})
