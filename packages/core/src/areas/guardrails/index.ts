import { area, type Cascade } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { agentAdditions } from './additions.ts'
import { guardrailsAgentSettings } from './agent-settings.ts'
import { applyApproved, onAgentChange, onAgentCreated } from './change.ts'
import { guardrailOperations } from './operations/index.ts'
import { decisionKind, ledgerKind, orgFreezeKind, recipientKind, revisionKind } from './records.ts'

export type { Decision } from './decide.ts'
export { guardrailViolated } from './errors.ts'
export { ExplanationBody, explain } from './explain.ts'
export type { Signing, SigningRequest } from './facts.ts'
export {
  decide,
  type GuardDecision,
  isAbout,
  isFrozen,
  isStopped,
  loggedForTheTrail,
  noteAwaiting,
  refuse,
  release,
  requireOrgThawed,
  requireRoom,
  reserve,
  ruleForTheTrail,
  settle,
} from './guard.ts'
export type { Reservation } from './ledger.ts'
export type { Layer } from './limits.ts'
export { freezeRestored } from './restored.ts'
export type { Signs, TypedData, Verdict } from './rule.ts'
export { requiresSimulation } from './simulation.ts'

const dropSigner: Cascade = {
  inUnit: ({ unit }, id) => {
    const ledger = unit.get(ledgerKind, id)
    if (ledger) unit.delete(ledgerKind, ledger)
  },
  asJob: async ({ records }, { org, id }) => {
    await dropAll(records, org, recipientKind, 'agent', id)
    await dropAll(records, org, decisionKind, 'agent', id)
    await dropAll(records, org, revisionKind, 'agent', id)
  },
}

export const guardrails = area({
  name: 'guardrails',
  summary: 'Limits for what agents sign.',
  uses: ['agents', 'approvals', 'chains', 'orgs', 'settings'],
  operations: guardrailOperations,
  reports: ['guardrail.log'],
  kinds: [ledgerKind, recipientKind, orgFreezeKind, decisionKind, revisionKind],
  agentSettings: guardrailsAgentSettings,
  onAgentChange,
  agentAdditions,
  carriesOut: { policy_change: { approved: applyApproved } },
  onCreated: { agent: onAgentCreated },
  onRemoved: {
    agent: dropSigner,
    // A person who pays with a wallet has a ledger too.
    user: dropSigner,
  },
})
