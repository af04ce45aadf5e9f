import type { JobType } from '../../../operations/index.ts'
import { dropAll } from '../../../records/index.ts'
import { apiKeyKind, forgetFailures } from '../../auth/index.ts'
import { policyKind } from '../../policies/index.ts'

type Forget = { org: string; userId: string }

/** Takes away what is left of a member who was removed and can do nothing any more, some at a time. */
export const forgetMemberJob: JobType<Forget> = {
  name: 'orgs.forget-member',
  run: async ({ records }, { org, userId }) => {
    await records.transactIn(org, (unit) => forgetFailures({ unit }, userId))
    await dropAll(records, org, apiKeyKind, 'principal', org, 'user', userId)
    await dropAll(records, org, policyKind, 'principal', 'user', userId)
  },
}
