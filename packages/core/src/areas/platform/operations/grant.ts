import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { patternField } from '../../policies/index.ts'
import { ownConnection } from '../connections.ts'
import { count } from '../counts.ts'
import { connectionNotFound, grantsFull } from '../errors.ts'
import { tell } from '../events.ts'
import { dropEnded, GrantBody, grantBody, isAlike, liveGrants, requireOwn } from '../grants.ts'
import { connectionKind, type Grant, grantKind, grantPermissions } from '../records.ts'

const listMax = 50
const grantsMax = 200

const ids = () =>
  fields.optional(z.array(fields.id(), 'must be a list').max(listMax, `must have at most ${listMax} entries`))

export const grant = operation({
  name: 'platform.grant',
  summary:
    'Grant a connected app access to your vaults and agents. You can revoke it at any time. A repeated grant changes nothing.',
  http: {
    method: 'POST',
    path: '/v1/platform/connections/{connection_id}/grant',
    status: 201,
    id: 'grantPlatformResources',
    tag: 'Platform',
  },
  command: { name: 'connected-app grant', flags: { allowed_paths: 'path', expires_at: 'expires e' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  // The events stand in the trails of the user and of the app.
  audit: 'none',
  input: z.object({
    connection_id: fields.id(),
    vault_ids: ids().describe('Vaults of yours.'),
    agent_ids: ids().describe('Agents of yours.'),
    allowed_paths: fields
      .optional(z.array(patternField(), 'must be a list').min(1, 'must not be empty').max(listMax))
      .describe('Path patterns in the vaults. Default: every path.'),
    permissions: fields
      .optional(
        z
          .array(z.enum(grantPermissions, `must be one of ${grantPermissions.join(', ')}`), 'must be a list')
          .min(1, 'must have at least one permission')
          .max(16),
      )
      .describe('Default: read.'),
    expires_at: fields.optional(fields.time()).describe('When the grant expires. Default: never.'),
  }),
  output: z.object({
    connection_id: fields.id(),
    grants: z.array(GrantBody),
    vault_ids: z.array(fields.id()),
    agent_ids: z.array(fields.id()),
  }),
  errors: [connectionNotFound, grantsFull],
  run: (context, { connection_id, vault_ids, agent_ids, allowed_paths, permissions, expires_at = null }) => {
    const { unit, now, newId } = context
    const connection = ownConnection(context, connection_id)
    const [vaultIds, agentIds] = [[...new Set(vault_ids)], [...new Set(agent_ids)]]
    if (vaultIds.length + agentIds.length === 0) {
      throw invalidField('vault_ids', 'must name a vault, or agent_ids must name an agent')
    }
    if (expires_at !== null && expires_at <= now) throw invalidField('expires_at', 'must be in the future')
    requireOwn(context, principalOf(signedIn(context)), { vaultIds, agentIds })
    const ended = dropEnded(context, connection_id)
    const before = liveGrants(context, connection_id)
    const grants = vaultIds.map((vaultId): Grant => {
      const given = { vaultId, paths: allowed_paths ?? ['**'], permissions: permissions ?? ['read'] }
      const wanted = { connectionId: connection_id, ...given, expiresAt: expires_at }
      return before.find((one) => isAlike(one, wanted)) ?? { id: newId(), ...wanted, createdAt: now }
    })
    const made = grants.filter((one) => !before.includes(one))
    const newAgentIds = agentIds.filter((id) => !connection.grantedAgentIds.includes(id))
    const grantedAgentIds = [...connection.grantedAgentIds, ...newAgentIds]
    if (Math.max(before.length + made.length, grantedAgentIds.length) > grantsMax) throw grantsFull({ max: grantsMax })
    unit.put(connectionKind, { ...connection, grantedAgentIds })
    count(unit, connection.appId, 'grants', made.length - ended)
    for (const one of made) {
      unit.put(grantKind, one)
      tell(context, connection, 'platform.grant.created', { grant_id: one.id, vault_id: one.vaultId })
    }
    for (const agentId of newAgentIds) tell(context, connection, 'platform.grant.created', { agent_id: agentId })
    return {
      connection_id,
      grants: grants.map(grantBody),
      vault_ids: [...new Set([...connection.vaultIds, ...[...before, ...made].map(({ vaultId }) => vaultId)])],
      agent_ids: [...connection.agentIds, ...grantedAgentIds],
    }
  },
})
