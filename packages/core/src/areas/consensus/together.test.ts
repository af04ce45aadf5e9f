import { describe, expect, it } from 'vitest'
import { together } from './together.ts'
import type { Trigger } from './trigger.ts'

// Goal: several rules about one request are as strict as each of them. Method: the combined rule itself.

type Approval = Trigger['approval']

function combined(...approvals: Approval[]) {
  const rules = approvals.map((approval, at) => ({
    policyId: `${at}`,
    trigger: {
      ...{ conditions: [{ type: 'always' as const }], approval, expiry_secs: 60, self_approval_allowed: false },
      ...{ skip_when: [], require_when: [], deep_inspect: false },
    },
  }))
  return together(rules)?.trigger.approval
}

describe('two rules together', () => {
  it('want owners and admins if one lists no roles, also when the other lists members', () => {
    const rules: Approval[] = [{ min_approvals: 1 }, { min_approvals: 1, required_roles: ['member'] }]
    expect(combined(...rules)).toMatchObject({ required_roles: ['owner'] })
    expect(combined(...rules.toReversed())).toMatchObject({ required_roles: ['owner'] })
    const wide: Approval = { min_approvals: 1, required_roles: ['admin', 'member'] }
    expect(combined({ min_approvals: 1, required_roles: [] }, wide)).toMatchObject({ required_roles: ['admin'] })
  })

  it('want the minimum of one role on top, if the other rule does not count that role', () => {
    const asked = combined({ min_approvals: 2 }, { min_approvals: 1, per_role_minimums: { member: 1 } })
    expect(asked).toMatchObject({ min_approvals: 3, per_role_minimums: { member: 1 } })
  })

  it('accept each credential if neither lists one', () => {
    expect(combined({ min_approvals: 1 }, { min_approvals: 2 })).toMatchObject({ require_credential_types: [] })
    const passkeys: Approval = { min_approvals: 1, require_credential_types: ['passkey'] }
    expect(combined({ min_approvals: 1 }, passkeys)).toMatchObject({ require_credential_types: ['passkey'] })
  })
})
