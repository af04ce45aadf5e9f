import * as z from 'zod'
import { auditEvent, type Context, fields, signedIn } from '../../operations/index.ts'
import type { BillingAccount } from '../billing/index.ts'
import { orgKind } from '../orgs/index.ts'
import { orgNotFound } from './errors.ts'

export const orgRef = { org_id: fields.id().describe('ID of the organisation.') }

export const LimitsBody = z
  .object({ org_id: fields.id(), free_tier_override: z.int().optional(), is_sponsored: z.boolean() })
  .meta({ id: 'OrgLimits' })

export function limitsBody({ id, requestsMax, isSponsored }: BillingAccount): z.infer<typeof LimitsBody> {
  return {
    org_id: id,
    is_sponsored: isSponsored,
    ...(requestsMax !== null && { free_tier_override: requestsMax }),
  }
}

export function requireOrg({ unit }: Pick<Context, 'unit'>, id: string): void {
  unit.require(orgKind, id, orgNotFound)
}

/** The organisation that a change concerns reads about it in its own trail, beside that of the operator. */
export function tellOrg(
  context: Context,
  org: string,
  action: string,
  details: NonNullable<Parameters<typeof auditEvent>[1]['details']>,
): void {
  if (org === signedIn(context).org) return
  context.unit.audit(auditEvent(context, { action, resource: { type: 'org', id: org }, details }), org)
}
