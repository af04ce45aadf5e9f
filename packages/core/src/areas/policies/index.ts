export { type Access, accessTo, isBoundElsewhere, opens, policiesOf, secretAt, vaultAt } from './access.ts'
export { policyNotFound } from './errors.ts'
export type { Policy } from './policy.ts'
export { policyKind } from './records.ts'
