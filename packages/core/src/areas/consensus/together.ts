import type { Rule, Trigger } from './trigger.ts'

type Approval = Trigger['approval']

/** Several rules about one request, as one: people must agree as each of them wants. */
export function together([first, ...others]: readonly Rule[]): Rule | null {
  if (!first) return null
  return others.reduce<Rule>(
    ({ policyId, trigger }, { trigger: other }) => ({
      policyId,
      trigger: {
        ...trigger,
        approval: both(trigger.approval, other.approval),
        expiry_secs: Math.min(trigger.expiry_secs, other.expiry_secs),
        self_approval_allowed: trigger.self_approval_allowed && other.self_approval_allowed,
      },
    }),
    first,
  )
}

function both(one: Approval, other: Approval): Approval {
  const [least, more] = [one.per_role_minimums ?? {}, other.per_role_minimums ?? {}]
  const minimums = Object.fromEntries(
    roles.flatMap((role) => {
      const number = Math.max(least[role] ?? 0, more[role] ?? 0)
      return number > 0 ? [[role, number]] : []
    }),
  )
  return {
    min_approvals: Math.max(one.min_approvals, other.min_approvals),
    required_roles: common(one.required_roles, other.required_roles, 'owner'),
    per_role_minimums: minimums,
    require_credential_types: common(one.require_credential_types, other.require_credential_types, 'passkey'),
  }
}

const roles = ['owner', 'admin', 'member'] as const

/** An empty list lists everything. Of lists that share nothing, the strictest entry remains. */
function common<T>(one: readonly T[] = [], other: readonly T[] = [], strictest: T): T[] {
  if (one.length === 0 || other.length === 0) return [...one, ...other]
  const shared = one.filter((each) => other.includes(each))
  return shared.length > 0 ? shared : [strictest]
}
