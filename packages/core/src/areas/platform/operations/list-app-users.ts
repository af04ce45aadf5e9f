import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { type Connection, connectionKind } from '../records.ts'
import { timeOf } from '../schemas.ts'
import { emailOf } from '../upsert.ts'

const UserBody = z
  .object({
    connection_id: fields.id(),
    user_id: fields.id(),
    external_subject: z.string(),
    email: z.string(),
    status: z.enum(['pending', 'active', 'claimed', 'disconnected']),
    vault_ids: z.array(fields.id()),
    agent_ids: z.array(fields.id()),
    created_at: fields.shownTime(),
    claimed_at: fields.shownTime().nullable(),
  })
  .meta({ id: 'PlatformUser' })

export const listAppUsers = operation({
  name: 'platform.listUsers',
  summary: 'List the users of an app, oldest first.',
  http: {
    method: 'GET',
    path: '/v1/platform/apps/{app_id}/users',
    status: 200,
    id: 'listPlatformUsers',
    tag: 'Platform',
  },
  command: { name: 'app users', columns: ['connection_id', 'user_id', 'email', 'external_subject', 'status'] },
  effect: 'read',
  access: { permission: 'use', resource: ({ app_id }) => appAt(app_id), signedIn: ['user', 'app'] },
  audit: { action: 'platform_app.list_users', resource: 'platform_app', about: ({ app_id }) => aboutApp(app_id) },
  input: z.object({ app_id: fields.id() }),
  output: z.object({ users: z.array(UserBody) }),
  errors: [appNotFound],
  run: (context, { app_id }) => ({
    users: context.unit.list(connectionKind, 'app', app_id).map((connection) => userBody(context, connection)),
  }),
})

/** After a user disconnected, the app sees that and no more. */
function userBody(context: Context, connection: Connection): z.infer<typeof UserBody> {
  const { id, userId, externalSubject, status, vaultIds, agentIds, createdAt, claimedAt } = connection
  const isOver = status === 'disconnected'
  return {
    connection_id: id,
    user_id: userId,
    external_subject: externalSubject ?? '',
    email: isOver ? '' : emailOf(context, connection),
    status,
    vault_ids: isOver ? [] : [...vaultIds],
    agent_ids: isOver ? [] : [...agentIds],
    created_at: rfc3339(createdAt),
    claimed_at: timeOf(claimedAt),
  }
}
