import { approveRecovery } from './approve-recovery.ts'
import { cancelRecovery } from './cancel-recovery.ts'
import { executeRecovery } from './execute-recovery.ts'
import { getRecoveryPolicy } from './get-recovery-policy.ts'
import { listRecoveries } from './list-recoveries.ts'
import { requestRecovery } from './request-recovery.ts'
import { updateRecoveryPolicy } from './update-recovery-policy.ts'

export const recoveryOperations = {
  request: requestRecovery,
  list: listRecoveries,
  approve: approveRecovery,
  execute: executeRecovery,
  cancel: cancelRecovery,
  policy: getRecoveryPolicy,
  updatePolicy: updateRecoveryPolicy,
}
