import { countsAtMost, listedRoles } from './tally.ts'
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
  const listed = common(listedRoles(one), listedRoles(other), 'owner')
  const needed = (rule: Approval) => rule.min_approvals + notCountedBy(rule, listed, minimums)
  return {
    min_approvals: Math.max(needed(one), needed(other)),
    required_roles: listed,
    per_role_minimums: minimums,
    require_credential_types: eitherTypes(one.require_credential_types, other.require_credential_types),
  }
}

/** Approvals that count under both rules together, and not under this rule alone. So they come on top. */
function notCountedBy(rule: Approval, listed: readonly Role[], minimums: Readonly<Record<string, number>>): number {
  return roles
    .filter((role) => !listed.includes(role))
    .reduce((sum, role) => sum + Math.max(0, (minimums[role] ?? 0) - countsAtMost(rule, role)), 0)
}

const roles = ['owner', 'admin', 'member'] as const
type Role = (typeof roles)[number]

type Types = NonNullable<Approval['require_credential_types']>

/** An empty list lists every type. */
function eitherTypes(one: Types = [], other: Types = []): Types {
  if (one.length === 0 || other.length === 0) return [...one, ...other]
  return common(one, other, 'passkey')
}

/** Of lists that share nothing, the strictest entry remains. */
function common<T>(one: readonly T[], other: readonly T[], strictest: T): T[] {
  const shared = one.filter((each) => other.includes(each))
  return shared.length > 0 ? shared : [strictest]
}
