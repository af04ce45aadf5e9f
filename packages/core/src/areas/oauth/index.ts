import { area, sweepTask } from '../../operations/index.ts'
import { oauthOperations } from './operations/index.ts'
import { consentKind, grantKind } from './records.ts'
import { dropApp, dropConnection, dropUser } from './remove.ts'

export { consentKind } from './records.ts'

export const oauth = area({
  name: 'oauth',
  summary: 'Sign-in with this vault, for platform apps.',
  uses: ['orgs', 'auth', 'credentials', 'platform', 'wallets'],
  operations: oauthOperations,
  reports: [
    'oauth.token_issue',
    'oauth.token_refresh',
    'oauth.token_revoke',
    'oauth.code_reuse',
    'oauth.code_refuse',
    'oauth.refresh_reuse',
    'oauth.refresh_refuse',
  ],
  kinds: [consentKind, grantKind],
  scheduledTasks: [sweepTask('oauth.sweep', grantKind)],
  onRemoved: { user: dropUser, app: dropApp, connection: dropConnection },
})
