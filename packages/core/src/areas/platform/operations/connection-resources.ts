import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentKind } from '../../agents/index.ts'
import { policyKind } from '../../policies/index.ts'
import { vaultKind } from '../../vaults/index.ts'
import { eitherConnection } from '../connections.ts'
import { connectionNotFound } from '../errors.ts'
import { aboutConnection } from '../events.ts'
import { grantKind } from '../records.ts'

const named = () => z.object({ id: fields.id(), name: z.string() })

export const connectionResources = operation({
  name: 'platform.connectionResources',
  summary: 'List the vaults and agents of a connection by name: what the app made, and what its user granted.',
  http: {
    method: 'GET',
    path: '/v1/platform/connections/{connection_id}/resources',
    status: 200,
    id: 'listConnectionResources',
    tag: 'Platform',
  },
  command: { name: 'app resources' },
  effect: 'read',
  access: { signedIn: ['user', 'app'] },
  delegable: true,
  anyScope: true,
  audit: {
    action: 'platform_connection.resources',
    resource: 'platform_connection',
    about: ({ connection_id }) => aboutConnection(connection_id),
  },
  input: z.object({ connection_id: fields.id() }),
  output: z.object({
    vaults: z.array(named()),
    agents: z.array(named()),
    policies: z.array(z.object({ id: fields.id() })),
    automations: z.array(named()),
    runtimes: z.array(z.object({ id: fields.id(), agent_id: fields.id(), preset: z.string() })),
  }),
  errors: [connectionNotFound],
  run: (context, { connection_id }) => {
    const { unit, now } = context
    const connection = eitherConnection(context, connection_id)
    const reads = connection.org === unit.org ? unit : unit.reading(connection.org)
    const granted = reads
      .list(grantKind, 'connection', connection_id)
      .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
      .map(({ vaultId }) => vaultId)
    const vaults = reads.getAll(vaultKind, [...new Set([...connection.vaultIds, ...granted])])
    const agents = reads.getAll(agentKind, [...connection.agentIds, ...connection.grantedAgentIds])
    const policies = reads.getAll(policyKind, connection.policyIds)
    return {
      vaults: vaults.flatMap((vault) => (vault ? [{ id: vault.id, name: vault.name }] : [])),
      agents: agents.flatMap((agent) => (agent ? [{ id: agent.id, name: agent.name }] : [])),
      policies: policies.flatMap((policy) => (policy ? [{ id: policy.id }] : [])),
      automations: [],
      runtimes: [],
    }
  },
})
