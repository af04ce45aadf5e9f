import { area, type Engine } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { platformOperations } from './operations/index.ts'
import { appCountsKind, appKind, connectionKind, grantKind, spendPolicyKind, templateKind } from './records.ts'

export { linkUser } from './connect.ts'
export { delegatedCaller } from './delegation.ts'
export { tooManyUsers } from './errors.ts'
export { findAppBySlug } from './find-app.ts'
export { type App, appKind, type Connection, connectionKind, grantKind } from './records.ts'
export { matchesRedirect } from './redirect-uris.ts'

export const platform = area({
  name: 'platform',
  summary: 'Products that are built on this vault: their apps, templates, users and what users let them do.',
  uses: ['orgs', 'credentials', 'vaults', 'agents', 'policies', 'issuers', 'audit'],
  operations: platformOperations,
  kinds: [appKind, appCountsKind, templateKind, connectionKind, grantKind, spendPolicyKind],
  onRemoved: { app: { asJob: dropApp } },
})

async function dropApp({ records }: Engine, { org, id }: { readonly org: string; readonly id: string }): Promise<void> {
  await dropAll(records, org, templateKind, 'app', id)
  await dropAll(records, org, spendPolicyKind, 'app', id)
  await dropAll(records, org, connectionKind, 'app', id)
  await records.transact((unit) => {
    const counts = unit.get(appCountsKind, id)
    if (counts) unit.delete(appCountsKind, counts)
  })
}
