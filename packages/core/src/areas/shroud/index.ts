import { area } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { activityCountsKind, activityKind, activityTask } from './activity.ts'
import { shroudAgentSettings } from './agent-settings.ts'
import { flaggedKind, flaggedTask } from './flagged.ts'
import { shroudOperations } from './operations/index.ts'
import { dropRouterKey, routerKeyKind, routerKeysOf } from './router-keys.ts'
import { dropSpending, spendingKind } from './spending.ts'

export { tokensBetween } from './activity.ts'
export { costOf, priceOf } from './prices.ts'

/** The proxy between agents and models: what may be said to a model, what it may cost, and what was said. */
export const shroud = area({
  name: 'shroud',
  summary: 'The proxy between agents and models: what was found in requests, and keys for tools.',
  uses: ['orgs', 'vaults', 'secrets', 'agents', 'policies', 'sharing'],
  operations: shroudOperations,
  kinds: [activityKind, activityCountsKind, flaggedKind, routerKeyKind, spendingKind],
  scheduledTasks: [activityTask, flaggedTask],
  reports: ['shroud.request', 'shroud.threat_detect', 'shroud.budget_exhaust'],
  agentSettings: shroudAgentSettings,
  onRemoved: {
    agent: {
      inUnit: ({ unit }, id) => endKeysOf(unit, id),
      asJob: ({ records }, { org, id }) => dropAll(records, org, flaggedKind, 'agent', org, id),
    },
  },
})

/** They are few, and none works a moment longer than its agent. */
function endKeysOf(unit: Unit, agentId: string): void {
  for (const key of routerKeysOf(unit, agentId)) dropRouterKey(unit, key)
  dropSpending(unit, agentId)
}
