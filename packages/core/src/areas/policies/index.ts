export { type Access, accessTo, isBoundElsewhere, opens, secretAt, seenByPolicyEngine, vaultAt } from './access.ts'

export type { Policy } from './policy.ts'
export { policyKind } from './records.ts'
