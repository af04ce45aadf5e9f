import { area, sweepTask } from '../../operations/index.ts'
import { keptBootstrapKind } from './bootstrap-once.ts'
import { connectionEvents } from './events.ts'
import { expireClaimsTask } from './expire-claims.ts'
import { platformOperations } from './operations/index.ts'
import { appCountsKind, appKind, connectionKind, grantKind, spendPolicyKind, templateKind } from './records.ts'
import { dropApp, dropGrants, dropUser, joinConnection } from './removed.ts'

export { linkUser } from './connect.ts'
export { delegatedCaller } from './delegation.ts'
export { appNotFound, linkRequired, tooManyUsers } from './errors.ts'
export { findAppBySlug } from './find-app.ts'
export { joinApp, refusesNewUsers } from './join.ts'
export { type App, appKind, type BillingModel } from './records.ts'
export { matchesRedirect } from './redirect-uris.ts'
export { effectiveSpendPolicy } from './spend-policies.ts'

export const platform = area({
  name: 'platform',
  summary: 'Products that are built on this vault: their apps, templates, users and what users let them do.',
  uses: ['orgs', 'credentials', 'vaults', 'agents', 'policies', 'issuers', 'audit', 'signers', 'webhooks'],
  operations: platformOperations,
  reports: [...connectionEvents, 'user.register'],
  kinds: [appKind, appCountsKind, templateKind, connectionKind, grantKind, keptBootstrapKind, spendPolicyKind],
  scheduledTasks: [expireClaimsTask, sweepTask('platform-bootstraps.sweep', keptBootstrapKind)],
  onCreated: {
    vault: (context, id) => joinConnection(context, 'vaultIds', id),
    agent: (context, id) => joinConnection(context, 'agentIds', id),
  },
  onRemoved: {
    app: { asJob: dropApp },
    user: { asJob: dropUser },
    vault: { asJob: dropGrants },
  },
})
