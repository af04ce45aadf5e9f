export { type Access, accessTo, isBoundElsewhere, opens, policiesOf, secretAt, vaultAt, vaultReach } from './access.ts'
export type { Policy } from './policy.ts'
export { policyKind } from './records.ts'
