import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { type Context, fields, operation, signedIn } from '../../../operations/index.ts'
import { appKind, type Connection, connectionKind } from '../records.ts'
import { timeOf } from '../schemas.ts'

const ConnectedAppBody = z
  .object({
    connection_id: fields.id(),
    app_name: z.string(),
    app_slug: z.string(),
    app_logo_url: z.string().nullable(),
    status: z.enum(['pending', 'active', 'claimed', 'disconnected']),
    vault_ids: z.array(fields.id()),
    agent_ids: z.array(fields.id()),
    created_at: fields.shownTime(),
    claimed_at: fields.shownTime().nullable(),
    delegation_enabled: z.boolean(),
    delegation_scopes: z.array(z.string()),
  })
  .meta({ id: 'ConnectedApp' })

type ConnectedAppBody = z.infer<typeof ConnectedAppBody>

export const listConnectedApps = operation({
  name: 'platform.listConnectedApps',
  summary: 'List the apps that you are connected to.',
  http: {
    method: 'GET',
    path: '/v1/platform/connected-apps',
    status: 200,
    id: 'listConnectedApps',
    tag: 'Platform',
  },
  command: { name: 'connected-app list', columns: ['connection_id', 'app_name', 'app_slug', 'status'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'platform_connection.list', resource: 'platform_connection' },
  input: z.object({}),
  output: z.object({
    apps: z.array(ConnectedAppBody),
    connected_apps: z.array(ConnectedAppBody).describe('The same as apps, for clients that read this name.'),
  }),
  errors: [],
  run: (context) => {
    const own = context.unit.list(connectionKind, 'user', signedIn(context).id)
    const apps = own.flatMap((connection) => bodyOf(context, connection))
    return { apps, connected_apps: apps }
  },
})

function bodyOf({ unit }: Context, connection: Connection): readonly ConnectedAppBody[] {
  const { id, appId, status, vaultIds, agentIds, grantedAgentIds } = connection
  const app = unit.get(appKind, appId)
  if (!app || status === 'disconnected') return []
  return [
    {
      connection_id: id,
      app_name: app.name,
      app_slug: app.slug,
      app_logo_url: app.logoUrl,
      status,
      vault_ids: [...vaultIds],
      agent_ids: [...agentIds, ...grantedAgentIds],
      created_at: rfc3339(connection.createdAt),
      claimed_at: timeOf(connection.claimedAt),
      delegation_enabled: connection.delegationEnabled,
      delegation_scopes: [...connection.delegationScopes],
    },
  ]
}
