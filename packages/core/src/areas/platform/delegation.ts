import { uuidPattern } from '../../kernel/ids.ts'
import { type AppCaller, type Delegation, denied, type UserCaller } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { isBlocked } from '../credentials/index.ts'
import { userKind } from '../orgs/index.ts'
import { type Connection, connectionKind, grantKind } from './records.ts'

// A platform app calls for a user with its key and the header `X-Platform-Connection`. Three things must say yes to such a
// call: the operation declares `delegable`, the user delegated its scope, and the resource was made by the app for this
// user, or granted to it. All of it is read for each call, so a user takes it back at once.

/** What a user can delegate: the scopes of the operations that are `delegable`. */
export const delegationScopes = [
  ...['vaults:read', 'vaults:write', 'agents:read', 'agents:write', 'secrets:read', 'secrets:write'],
] as const

/** What the app may do in a vault that it made for the user. Never read. */
const lifecycle = ['write', 'rotate', 'delete']

/** An empty list of scopes would allow everything. */
const noScopes = ['none']

const refused = () =>
  denied({
    reason:
      'The connection does not exist, or its user did not delegate this. The user can do so in their connected apps.',
  })

/** The user for whom an app calls. Enters the organisation of the user. */
export function delegatedCaller(unit: Unit, app: AppCaller, connectionId: string, now: number): UserCaller {
  const connection = uuidPattern.test(connectionId) ? unit.get(connectionKind, connectionId) : null
  const isTheirs = connection?.appId === app.id && connection.status !== 'disconnected'
  if (!connection || !isTheirs || !connection.delegationEnabled) throw refused()
  unit.enter(connection.org)
  const user = unit.get(userKind, connection.userId)
  if (user?.status !== 'active' || isBlocked(user, now)) throw refused()
  return {
    kind: 'user',
    id: user.id,
    org: connection.org,
    role: 'member',
    authMethod: 'platform',
    keyScopes: connection.delegationScopes.length > 0 ? connection.delegationScopes : noScopes,
    session: app.session,
    delegation: reachOf(unit, connection, now),
  }
}

function reachOf(unit: Unit, connection: Connection, now: number): Delegation {
  const { id, appId, appOrg, vaultIds, grantedAgentIds } = connection
  const agentIds = [...connection.agentIds, ...grantedAgentIds]
  const grants = unit.list(grantKind, 'connection', id).filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  const made = vaultIds.map((vaultId) => ({ id: vaultId, isLocked: true, paths: ['**'], permissions: lifecycle }))
  const granted = grants.map(({ vaultId, paths, permissions }) => {
    return { id: vaultId, isLocked: vaultIds.includes(vaultId), paths, permissions }
  })
  return { appId, appOrg, connectionId: id, vaults: [...made, ...granted], agentIds }
}
