import * as z from 'zod'
import { cascadeInUnit, fields, operation } from '../../../operations/index.ts'
import { ownConnection } from '../connections.ts'
import { count, countStatus } from '../counts.ts'
import { connectionNotFound } from '../errors.ts'
import { tell } from '../events.ts'
import { connectionKind, grantKind } from '../records.ts'

export const disconnect = operation({
  name: 'platform.disconnect',
  summary: 'Leave an app. Its grants and what you delegated end at once. What it made for you stays yours.',
  http: {
    method: 'DELETE',
    path: '/v1/platform/connected-apps/{connection_id}',
    status: 204,
    id: 'disconnectApp',
    tag: 'Platform',
  },
  command: { name: 'connected-app disconnect' },
  effect: 'write',
  access: { signedIn: ['user'] },
  // The events stand in the trails of the user and of the app.
  audit: 'none',
  input: z.object({ connection_id: fields.id() }),
  output: z.undefined(),
  errors: [connectionNotFound],
  run: (context, { connection_id }) => {
    const { unit } = context
    const connection = ownConnection(context, connection_id)
    const grants = unit.list(grantKind, 'connection', connection_id)
    for (const grant of grants) unit.delete(grantKind, grant)
    const nothing = { claim: null, delegationEnabled: false, delegationScopes: [], grantedAgentIds: [] }
    unit.put(connectionKind, { ...connection, ...nothing, status: 'disconnected' })
    countStatus(unit, connection.appId, connection.status, 'disconnected')
    count(unit, connection.appId, 'grants', -grants.length)
    cascadeInUnit(context, 'removed', 'connection', connection_id)
    tell(context, connection, 'platform.user.disconnected')
    return undefined
  },
})
