import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { ownConnection } from '../connections.ts'
import { count } from '../counts.ts'
import { connectionNotFound, grantNotFound } from '../errors.ts'
import { tell } from '../events.ts'
import { connectionKind, grantKind } from '../records.ts'

export const revokeGrant = operation({
  name: 'platform.revokeGrant',
  summary: 'Take back a grant. The next call of the app is refused.',
  http: {
    method: 'DELETE',
    path: '/v1/platform/connections/{connection_id}/grants/{grant_id}',
    status: 204,
    id: 'revokePlatformGrant',
    tag: 'Platform',
  },
  command: { name: 'connected-app revoke' },
  effect: 'write',
  access: { signedIn: ['user'] },
  // The events stand in the trails of the user and of the app.
  audit: 'none',
  input: z.object({
    connection_id: fields.id(),
    grant_id: fields.id().describe('ID of the grant, or of an agent that you granted.'),
  }),
  output: z.undefined(),
  errors: [connectionNotFound, grantNotFound],
  run: (context, { connection_id, grant_id }) => {
    const { unit } = context
    const connection = ownConnection(context, connection_id)
    if (connection.grantedAgentIds.includes(grant_id)) {
      const grantedAgentIds = connection.grantedAgentIds.filter((id) => id !== grant_id)
      unit.put(connectionKind, { ...connection, grantedAgentIds })
      tell(context, connection, 'platform.grant.revoked', { agent_id: grant_id })
      return undefined
    }
    const grant = unit.get(grantKind, grant_id)
    if (grant?.connectionId !== connection_id) throw grantNotFound()
    unit.delete(grantKind, grant)
    count(unit, connection.appId, 'grants', -1)
    tell(context, connection, 'platform.grant.revoked', { grant_id, vault_id: grant.vaultId })
    return undefined
  },
})
