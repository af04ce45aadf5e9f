import { area } from '../../operations/index.ts'
import { checkAddress } from './ip-rules.ts'
import { securityOperations } from './operations/index.ts'
import { ipRulesKind } from './records.ts'

export const security = area({
  name: 'security',
  summary: 'From which addresses the callers of an organisation reach it.',
  operations: securityOperations,
  kinds: [ipRulesKind],
  admits: checkAddress,
})
