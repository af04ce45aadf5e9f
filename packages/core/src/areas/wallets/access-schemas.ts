import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { WalletAccess, WalletPermission } from './access-records.ts'

export const WalletAccessBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    scope_type: z.enum(['wallet', 'org']),
    scope_id: fields.id().nullable(),
    principal_type: z.enum(['user', 'role']),
    principal_id: z.string(),
    can_sign: z.boolean(),
    can_view_balance: z.boolean(),
    can_export: z.boolean(),
    can_send: z.boolean(),
    can_swap: z.boolean(),
    allowed_chains: z.array(z.string()),
    max_value_per_tx_eth: z.string().nullable(),
    daily_limit_eth: z.string().nullable(),
    conditions: fields.shownObject(),
    is_active: z.boolean(),
    expires_at: fields.shownTime().nullable(),
    created_by: fields.id(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
  })
  .meta({ id: 'WalletAccessPolicy' })

export function walletAccessBody(one: WalletAccess, org: string): z.infer<typeof WalletAccessBody> {
  const can = (permission: WalletPermission) => one.permissions.includes(permission)
  return {
    ...{ id: one.id, org_id: org, scope_type: one.walletId === null ? 'org' : 'wallet', scope_id: one.walletId },
    ...{ principal_type: one.principal.kind, principal_id: one.principal.id },
    ...{ can_sign: can('sign'), can_view_balance: can('view_balance'), can_export: can('export') },
    ...{ can_send: can('send'), can_swap: can('swap'), allowed_chains: [...one.chains] },
    ...{ max_value_per_tx_eth: one.maxValuePerTx, daily_limit_eth: one.dailyLimit, conditions: {} },
    ...{ is_active: one.isActive, expires_at: one.expiresAt === null ? null : rfc3339(one.expiresAt) },
    ...{ created_by: one.ownerId, created_at: rfc3339(one.createdAt), updated_at: rfc3339(one.updatedAt) },
  }
}
