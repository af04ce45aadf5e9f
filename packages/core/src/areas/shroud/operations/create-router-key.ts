import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import { microsOf } from '../../../kernel/usd.ts'
import { fields, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { routerKeysMax } from '../errors.ts'
import {
  dropRouterKey,
  freePlace,
  isLiveRouterKey,
  newRouterKeyText,
  routerKeyFacts,
  routerKeyKind,
  routerKeysOf,
} from '../router-keys.ts'
import { providerField, RouterKeyBody, routerKeyBody, usdField } from '../schemas.ts'

const streamsMax = 1_000
const nameDefault = 'default'

export const createRouterKey = operation({
  name: 'shroud.createRouterKey',
  summary: 'Create a router key of an agent, for tools that know only a base URL and a key. It is shown once.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/router-keys',
    status: 201,
    id: 'createRouterKey',
    tag: 'Router Keys',
  },
  command: { name: 'router-key create', columns: ['key', 'id'] },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id) },
  audit: {
    action: 'router_key.create',
    resource: 'agent',
    about: ({ agent_id, name = nameDefault }, made) => ({ id: agent_id, router_key: made?.id, name }),
  },
  input: z.object({
    agent_id: fields.id(),
    name: fields.optional(fields.name()).describe('What the key is for, such as the name of a tool. Default: default.'),
    provider: fields
      .optional(providerField())
      .describe('Only this provider. Default: the path of the request decides.'),
    spend_cap_usd: fields
      .optional(usdField())
      .describe('Most that the key can spend in all. Default: no limit of its own.'),
    max_concurrent_streams: fields
      .optional(fields.count(streamsMax, 1))
      .describe('Most streams at the same time. Default: the limit of the agent.'),
    expires_at: fields.optional(fields.time()).describe('Default: never.'),
  }),
  output: RouterKeyBody.extend({ key: fields.shownSecret() }).meta({ id: 'NewRouterKey' }),
  reveals: ['key'],
  errors: [agentNotFound, routerKeysMax],
  run: (
    context,
    { agent_id: agentId, name = nameDefault, provider, spend_cap_usd, max_concurrent_streams, expires_at },
  ) => {
    const { unit, now, newId } = context
    if (expires_at !== undefined && expires_at <= now) throw invalidField('expires_at', 'must be in the future')
    const [expired] = routerKeysOf(unit, agentId).filter((one) => !isLiveRouterKey(one, now))
    if (expired) dropRouterKey(unit, expired)
    const text = newRouterKeyText(context)
    const key = {
      id: newId(),
      org: signedIn(context).org,
      agentId,
      place: expired?.place ?? freePlace(unit, agentId),
      name,
      ...routerKeyFacts(context, text),
      provider: provider ?? null,
      spendMicrosMax: spend_cap_usd === undefined ? null : microsOf(spend_cap_usd),
      streamsMax: max_concurrent_streams ?? null,
      expiresAt: expires_at ?? null,
      createdBy: principalOf(signedIn(context)),
      createdAt: now,
    }
    unit.put(routerKeyKind, key)
    return { ...routerKeyBody(key, 0), key: Secret.of(text) }
  },
})
