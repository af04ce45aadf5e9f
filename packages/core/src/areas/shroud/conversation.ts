import * as z from 'zod'
import type { Json } from '../../kernel/json.ts'
import { AfterCommit, fields, operation, settingsOf, signedIn } from '../../operations/index.ts'
import { type Agent, agentKind, agentNotFound } from '../agents/index.ts'
import { shroudAgentSettings } from './agent-settings.ts'
import { converse as converseWith } from './converse.ts'
import { routeOf } from './dialects/calls.ts'
import {
  budgetReached,
  fieldNotPassedOn,
  noClientPool,
  noProviderKey,
  providerFailed,
  routeUnknown,
  shroudBlocked,
  shroudDisabled,
  shroudNotAllowed,
  tooManyStreams,
  wrongAgent,
} from './errors.ts'
import type { Conversation } from './inspected.ts'
import { isProvider } from './providers.ts'
import { isLiveRouterKey, routerKeyKind } from './router-keys.ts'

const textMax = 256
const keyBytesMax = 16 * 1024

/**
 * For surfaces and embedders: it is performed in the process, and is no route.
 *
 * @example
 * const { status, body } = await pawl.perform(converse, { path: '/v1/messages', body: request }, { bearer: agentKey })
 * for await (const text of body) write(text)
 */
export const converse = operation({
  name: 'shroud.converse',
  summary:
    'Pass one request on to a model, and its answer back, with everything that the settings of the agent demand.',
  effect: 'write',
  access: { signedIn: ['agent'] },
  // What happens is decided after the request was inspected, and leaves its event then.
  audit: 'none',
  input: z.object({
    path: fields.text(textMax).describe('Path of the request, such as /v1/chat/completions.'),
    provider: fields.optional(fields.text(textMax)).describe('Default: the provider that the path belongs to.'),
    provider_key: fields
      .optional(fields.secretText(keyBytesMax))
      .describe('Key of the provider, or vault://{vault_id}/{path}. Default: the secret providers/{provider}/api-key.'),
    model: fields.optional(fields.text(textMax)).describe('Must be allowed as well. The model of the body is called.'),
    agent_id: fields.optional(fields.text(textMax)).describe('Must be the calling agent.'),
    router_key_id: fields.optional(fields.id()),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.custom<Json>((given) => given !== undefined, 'must be a JSON object').meta({ type: 'object' }),
    signal: z
      .custom<AbortSignal>((given) => given === undefined || given instanceof AbortSignal)
      .optional()
      .meta({ type: 'object' }),
  }),
  output: z.custom<Conversation>((given) => given !== null && typeof given === 'object').meta({ type: 'object' }),
  errors: [
    agentNotFound,
    budgetReached,
    fieldNotPassedOn,
    noClientPool,
    noProviderKey,
    providerFailed,
    routeUnknown,
    shroudBlocked,
    shroudDisabled,
    shroudNotAllowed,
    tooManyStreams,
    wrongAgent,
  ],
  run: (context, input) => {
    const { unit, caller, origin, settings, now } = context
    const { id, org } = signedIn(context)
    if (input.agent_id !== undefined && input.agent_id !== id) throw wrongAgent()
    const agent = unit.require(agentKind, id, agentNotFound)
    const { shroud_enabled, shroud_config } = shroudSettingsOf(agent)
    if (!shroud_enabled) throw shroudDisabled()
    const route = routeOf(input.path)
    if (!route) throw routeUnknown()
    const routerKey = input.router_key_id === undefined ? null : unit.get(routerKeyKind, input.router_key_id)
    const isGone = !routerKey || routerKey.agentId !== id || !isLiveRouterKey(routerKey, now)
    if (input.router_key_id !== undefined && isGone) throw wrongAgent()
    const provider = routerKey?.provider ?? input.provider ?? route.provider
    if (!isProvider(settings, provider))
      throw noClientPool({ message: `provider ${provider.slice(0, 64)} has no client pool` })
    const call = {
      ...{ caller, origin, org, agentId: id, routerKey, route, provider, startedAt: now },
      ...{ config: shroud_config, headers: input.headers, body: input.body, signal: input.signal },
      ...{ providerKey: input.provider_key ?? null, headerModel: input.model ?? null },
    }
    return new AfterCommit({}, (engine) => converseWith(engine, call))
  },
})

/** Read once for each change of an agent: the record in memory is the same object until then. */
const known = new WeakMap<object, ReturnType<typeof read>>()

function shroudSettingsOf({ settings }: Pick<Agent, 'settings'>): ReturnType<typeof read> {
  const found = known.get(settings) ?? read(settings)
  known.set(settings, found)
  return found
}

function read(settings: Agent['settings']) {
  return settingsOf(shroudAgentSettings, settings)
}
