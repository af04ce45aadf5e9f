import { createIpRule } from './create-ip-rule.ts'
import { deleteIpRule } from './delete-ip-rule.ts'
import { listIpRules } from './list-ip-rules.ts'

export const securityOperations = {
  listIpRules,
  createIpRule,
  deleteIpRule,
}
