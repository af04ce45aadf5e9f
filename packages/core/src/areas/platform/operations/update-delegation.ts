import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { ownConnection } from '../connections.ts'
import { delegationScopes } from '../delegation.ts'
import { connectionNotFound } from '../errors.ts'
import { aboutConnection } from '../events.ts'
import { connectionKind } from '../records.ts'

export const updateDelegation = operation({
  name: 'platform.updateDelegation',
  summary: 'Decide what an app may do for you. It never reads what it made for you.',
  http: {
    method: 'PATCH',
    path: '/v1/platform/connected-apps/{connection_id}',
    status: 200,
    id: 'updateConnectionDelegation',
    tag: 'Platform',
  },
  command: { name: 'connected-app update', flags: { delegation_enabled: 'enabled', delegation_scopes: 'scope' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'platform.delegation_updated',
    resource: 'platform_connection',
    about: ({ connection_id, delegation_enabled, delegation_scopes }) =>
      aboutConnection(connection_id, { enabled: delegation_enabled, scopes: delegation_scopes }),
  },
  input: z.object({
    connection_id: fields.id(),
    delegation_enabled: z
      .boolean('must be true or false')
      .optional()
      .describe('Whether the app may act for you with X-Platform-Connection. Default: false.'),
    delegation_scopes: fields
      .optional(
        z
          .array(z.enum(delegationScopes, `must be one of ${delegationScopes.join(', ')}`), 'must be a list')
          .max(delegationScopes.length),
      )
      .describe(`What it may do: ${delegationScopes.join(', ')}. Default: nothing.`),
  }),
  output: z.object({
    connection_id: fields.id(),
    delegation_enabled: z.boolean(),
    delegation_scopes: z.array(z.string()),
  }),
  errors: [connectionNotFound],
  run: (context, { connection_id, delegation_enabled, delegation_scopes }) => {
    const before = ownConnection(context, connection_id)
    const changed = {
      ...before,
      delegationEnabled: delegation_enabled ?? before.delegationEnabled,
      delegationScopes: delegation_scopes ? [...new Set(delegation_scopes)] : before.delegationScopes,
    }
    context.unit.put(connectionKind, changed)
    return {
      connection_id,
      delegation_enabled: changed.delegationEnabled,
      delegation_scopes: [...changed.delegationScopes],
    }
  },
})
