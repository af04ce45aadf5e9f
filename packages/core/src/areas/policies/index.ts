import { area } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { secretGuard, vaultGuard } from './access.ts'
import { admitHumanBehind } from './admit-human.ts'
import { agentPolicies } from './agent-quota.ts'
import { keepsRule, keepsRules } from './keep-rules.ts'
import { policyOperations } from './operations/index.ts'
import { endPolicies, sweepPastTask } from './past.ts'
import { pastPolicyKind, policyKind } from './records.ts'

export { opens } from './access.ts'
export { conditionProblems } from './conditions.ts'
export { newPolicy } from './new-policy.ts'
export type { Conditions, Policy } from './policy.ts'
export { type Readable, readableBy } from './readable.ts'
export { policyKind } from './records.ts'
export { patternField, ruleFields } from './schemas.ts'
export { isOfKind } from './trigger-actions.ts'

export const policies = area({
  name: 'policies',
  summary: 'Rules that say who may do what with which paths of a vault.',
  uses: ['audit', 'orgs', 'vaults', 'secrets', 'agents', 'risk'],
  operations: policyOperations,
  kinds: [policyKind, pastPolicyKind, agentPolicies.kind],
  scheduledTasks: [sweepPastTask],
  guards: { vault: vaultGuard, secret: secretGuard },
  onCreated: { vault: admitHumanBehind },
  onRemoved: {
    vault: {
      refuses: keepsRules,
      asJob: async ({ records }, { org, id }) => {
        await dropAll(records, org, policyKind, 'vault', id)
        await dropAll(records, org, pastPolicyKind, 'vault', id)
      },
    },
    agent: {
      refuses: (context, id) => keepsRule(context, { kind: 'agent', id }),
      inUnit: ({ unit }, id) => agentPolicies.drop(unit, id),
      asJob: ({ records }, { org, id }) => endPolicies(records, org, { kind: 'agent', id }),
    },
    user: {
      refuses: (context, id) => keepsRule(context, { kind: 'user', id }),
      asJob: ({ records }, { org, id }) => endPolicies(records, org, { kind: 'user', id }),
    },
  },
})
