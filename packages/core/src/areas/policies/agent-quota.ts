import { agentThings } from '../orgs/index.ts'
import { policyKind } from './records.ts'

/** The policies that an agent created and that were not deleted (M14). */
export const agentPolicies = agentThings('agentPolicies', 'policies', (unit, id) => unit.get(policyKind, id) !== null)
