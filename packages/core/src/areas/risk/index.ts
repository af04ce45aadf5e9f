import { area } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { sweepEventsTask } from './events.ts'
import { listensSince, onRead } from './listen.ts'
import { riskOperations } from './operations/index.ts'
import { honeytokenKind, profileKind, riskEventKind, verdictKind } from './records.ts'
import { followTask, watch } from './watch.ts'

export { type RiskLevel, riskLevels } from './records.ts'
export { riskOf } from './verdicts.ts'

export const risk = area({
  name: 'risk',
  summary: 'What is unusual about users and agents, and honeytokens.',
  uses: ['agents', 'audit', 'credentials', 'orgs', 'secrets', 'sharing', 'vaults'],
  operations: riskOperations,
  kinds: [honeytokenKind, riskEventKind, verdictKind, profileKind],
  scheduledTasks: [followTask, sweepEventsTask],
  reports: ['risk.honeytoken_trigger', 'risk.verdict_raise'],
  watches: watch,
  listensTo: { 'secret.read': onRead },
  listensSince,
  onRemoved: {
    vault: { asJob: ({ records }, { org, id }) => dropAll(records, org, honeytokenKind, 'vault', id) },
    agent: { inUnit: ({ unit }, id) => forget(unit, id) },
    user: { inUnit: ({ unit }, id) => forget(unit, id) },
  },
})

/** Deletes the verdict and the profile of a removed principal. */
function forget(unit: Unit, id: string): void {
  const verdict = unit.get(verdictKind, id)
  if (verdict) unit.delete(verdictKind, verdict)
  const profile = unit.get(profileKind, id)
  if (profile) unit.delete(profileKind, profile)
}
