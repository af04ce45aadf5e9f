import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { routerKeyNotFound } from '../errors.ts'
import { dropRouterKey, routerKeyKind } from '../router-keys.ts'

export const revokeRouterKey = operation({
  name: 'shroud.revokeRouterKey',
  summary: 'Revoke a router key. It stops working at once.',
  http: {
    method: 'DELETE',
    path: '/v1/agents/{agent_id}/router-keys/{key_id}',
    status: 204,
    id: 'revokeRouterKey',
    tag: 'Router Keys',
  },
  command: { name: 'router-key revoke', positionals: ['agent_id', 'key_id'] },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id) },
  audit: {
    action: 'router_key.revoke',
    resource: 'agent',
    about: ({ agent_id, key_id }) => ({ id: agent_id, router_key: key_id }),
  },
  input: z.object({ agent_id: fields.id(), key_id: fields.id() }),
  output: z.undefined(),
  errors: [agentNotFound, routerKeyNotFound],
  run: ({ unit }, { agent_id, key_id }) => {
    const key = unit.require(routerKeyKind, key_id, routerKeyNotFound)
    if (key.org !== unit.org || key.agentId !== agent_id) throw routerKeyNotFound()
    dropRouterKey(unit, key)
    return undefined
  },
})
