import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { eitherConnection } from '../connections.ts'
import { connectionNotFound } from '../errors.ts'
import { aboutConnection } from '../events.ts'
import { GrantBody, grantBody } from '../grants.ts'
import { grantKind } from '../records.ts'

export const listGrants = operation({
  name: 'platform.listGrants',
  summary: 'List what a user granted to an app, for the user and for the app.',
  http: {
    method: 'GET',
    path: '/v1/platform/connections/{connection_id}/grants',
    status: 200,
    id: 'listPlatformGrants',
    tag: 'Platform',
  },
  command: { name: 'connected-app grants', columns: ['id', 'vault_id', 'permissions', 'allowed_paths'] },
  effect: 'read',
  access: { signedIn: ['user', 'app'] },
  audit: {
    action: 'platform_connection.list_grants',
    resource: 'platform_connection',
    about: ({ connection_id }) => aboutConnection(connection_id),
  },
  input: z.object({ connection_id: fields.id() }),
  output: z.object({ grants: z.array(GrantBody) }),
  errors: [connectionNotFound],
  run: (context, { connection_id }) => {
    const { unit, now } = context
    const connection = eitherConnection(context, connection_id)
    // The app may be of another organisation than the user, whose grants these are.
    const reads = connection.org === unit.org ? unit : unit.reading(connection.org)
    const grants = reads.list(grantKind, 'connection', connection_id)
    return { grants: grants.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(grantBody) }
  },
})
