import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { isLiveRouterKey, routerKeysOf } from '../router-keys.ts'
import { RouterKeyBody, routerKeyBody } from '../schemas.ts'
import { spendingKind } from '../spending.ts'

export const listRouterKeys = operation({
  name: 'shroud.listRouterKeys',
  summary: 'List the router keys of an agent and what each has spent.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/router-keys',
    status: 200,
    id: 'listRouterKeys',
    tag: 'Router Keys',
  },
  command: { name: 'router-key list', columns: ['name', 'id', 'key_prefix', 'spent_usd', 'spend_cap_usd'] },
  effect: 'read',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id) },
  audit: { action: 'router_key.list', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({ agent_id: fields.id() }),
  output: z.object({ router_keys: z.array(RouterKeyBody) }),
  errors: [agentNotFound],
  run: ({ unit, now }, { agent_id }) => {
    const keys = routerKeysOf(unit, agent_id).filter((key) => isLiveRouterKey(key, now))
    const spent = unit.getAll(
      spendingKind,
      keys.map(({ id }) => id),
    )
    return { router_keys: keys.map((key, at) => routerKeyBody(key, spent[at]?.totalMicros ?? 0)) }
  },
})
