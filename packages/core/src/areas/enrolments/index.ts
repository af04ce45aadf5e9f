import { area } from '../../operations/index.ts'
import { enrolmentOperations } from './operations/index.ts'
import { enrolmentCountKind, forgetCount } from './pending.ts'

export const enrolments = area({
  name: 'enrolments',
  summary: 'Agents that ask for an identity of their own, and wait until a user allows them.',
  uses: ['agents', 'credentials', 'mail', 'orgs', 'policies', 'vaults', 'auth'],
  operations: enrolmentOperations,
  reports: ['agent.enroll', 'agent.enroll_collect'],
  kinds: [enrolmentCountKind],
  onRemoved: { user: { inUnit: ({ unit }, id) => forgetCount(unit, id) } },
})
