import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { eitherConnection } from '../connections.ts'
import { connectionNotFound } from '../errors.ts'
import { aboutConnection } from '../events.ts'
import { DelegationEntryBody, delegationEntryBody, pageOfEvents, trailPage } from '../trail.ts'

export const delegationLog = operation({
  name: 'platform.delegationLog',
  summary: 'List what an app did for a user, newest first, and what it was refused.',
  http: {
    method: 'GET',
    path: '/v1/platform/connections/{connection_id}/delegation-log',
    status: 200,
    id: 'getDelegationLog',
    tag: 'Platform',
  },
  command: { name: 'connected-app log', columns: ['created_at', 'action', 'resource_id', 'success'] },
  effect: 'read',
  access: { signedIn: ['user', 'app'] },
  audit: {
    action: 'platform_connection.log',
    resource: 'platform_connection',
    about: ({ connection_id }) => aboutConnection(connection_id),
  },
  input: z.object({ connection_id: fields.id(), ...trailPage }),
  output: z.object({ entries: z.array(DelegationEntryBody), total: fields.count() }),
  errors: [connectionNotFound],
  run: (context, { connection_id, ...page }) => {
    const { org } = eitherConnection(context, connection_id)
    const wanted = { org, terms: { actor: connection_id }, isOpen: isDelegated }
    const { events, counted } = pageOfEvents(context, wanted, page)
    return { entries: events.map(delegationEntryBody), total: counted }
  },
})

function isDelegated({ actorType }: { readonly actorType: string }): boolean {
  return actorType === 'platform_delegated'
}
