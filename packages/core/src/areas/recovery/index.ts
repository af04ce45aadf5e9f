import { area } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { recoveryOperations } from './operations/index.ts'
import { recoveryPolicyKind, recoveryRequestKind } from './records.ts'

export { recoveryRequestKind } from './records.ts'

export const recovery = area({
  name: 'recovery',
  summary: 'Resets of lost factors, with the word of an admin and a delay.',
  uses: ['auth', 'credentials', 'mail', 'orgs'],
  operations: recoveryOperations,
  kinds: [recoveryPolicyKind, recoveryRequestKind],
  onRemoved: { user: { inUnit: ({ unit }, id) => dropRequestsOf(unit, id) } },
})

/** A user has at most one request of each type. */
function dropRequestsOf(unit: Unit, userId: string): void {
  for (const one of unit.list(recoveryRequestKind, 'user', userId)) unit.delete(recoveryRequestKind, one)
}
