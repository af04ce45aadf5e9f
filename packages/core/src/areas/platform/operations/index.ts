import { appStats } from './app-stats.ts'
import { bootstrap } from './bootstrap.ts'
import { connectionResources } from './connection-resources.ts'
import { createApp } from './create-app.ts'
import { createSpendPolicy } from './create-spend-policy.ts'
import { createTemplate } from './create-template.ts'
import { delegationLog } from './delegation-log.ts'
import { deleteApp } from './delete-app.ts'
import { deleteSpendPolicy } from './delete-spend-policy.ts'
import { deleteTemplate } from './delete-template.ts'
import { disconnect } from './disconnect.ts'
import { getApp } from './get-app.ts'
import { getTemplate } from './get-template.ts'
import { grant } from './grant.ts'
import { listAppEvents } from './list-app-events.ts'
import { listAppUsers } from './list-app-users.ts'
import { listApps } from './list-apps.ts'
import { listConnectedApps } from './list-connected-apps.ts'
import { listGrants } from './list-grants.ts'
import { listSpendPolicies } from './list-spend-policies.ts'
import { listTemplates } from './list-templates.ts'
import { ownSpendPolicy } from './own-spend-policy.ts'
import { previewClaim } from './preview-claim.ts'
import { previewTemplate } from './preview-template.ts'
import { redeemClaim } from './redeem-claim.ts'
import { reissueClaim } from './reissue-claim.ts'
import { revokeGrant } from './revoke-grant.ts'
import { rotateAppKey } from './rotate-app-key.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { setUserSpendPolicy } from './set-user-spend-policy.ts'
import { updateApp } from './update-app.ts'
import { updateDelegation } from './update-delegation.ts'
import { updateTemplate } from './update-template.ts'
import { upsertUser } from './upsert-user.ts'

export const platformOperations = {
  createApp,
  listApps,
  getApp,
  updateApp,
  deleteApp,
  rotateAppKey,
  rotateWebhookSecret,
  appStats,
  listUsers: listAppUsers,
  listEvents: listAppEvents,
  createTemplate,
  listTemplates,
  getTemplate,
  updateTemplate,
  deleteTemplate,
  previewTemplate,
  upsertUser,
  bootstrap,
  reissueClaim,
  previewClaim,
  redeemClaim,
  listConnectedApps,
  updateDelegation,
  disconnect,
  grant,
  listGrants,
  revokeGrant,
  connectionResources,
  delegationLog,
  createSpendPolicy,
  listSpendPolicies,
  deleteSpendPolicy,
  setUserSpendPolicy,
  ownSpendPolicy,
}
