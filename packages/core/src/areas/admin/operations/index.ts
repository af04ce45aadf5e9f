import { addCredits } from './add-credits.ts'
import { deleteSetting } from './delete-setting.ts'
import { deleteUser } from './delete-user.ts'
import { getOrgLimits } from './get-org-limits.ts'
import { listSettings } from './list-settings.ts'
import { listUsers } from './list-users.ts'
import { resetUsage } from './reset-usage.ts'
import { resetUserUsage } from './reset-user-usage.ts'
import { setBillingTier } from './set-billing-tier.ts'
import { updateOrgLimits } from './update-org-limits.ts'
import { updateSetting } from './update-setting.ts'

export const adminOperations = {
  listSettings,
  updateSetting,
  deleteSetting,
  listUsers,
  deleteUser,
  getOrgLimits,
  updateOrgLimits,
  setBillingTier,
  addCredits,
  resetUsage,
  resetUserUsage,
}
