import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { uuidPattern } from '../../../kernel/ids.ts'
import type { Json } from '../../../kernel/json.ts'
import { minute } from '../../../kernel/time.ts'
import {
  AfterCommit,
  actorOf,
  type Context,
  type Engine,
  fields,
  operation,
  parseInput,
  rateLimited,
  settingsOf,
  signedIn,
} from '../../../operations/index.ts'
import { type Agent, agentKind, agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { findBinding } from '../access.ts'
import { bindingsAgentSettings } from '../agent-settings.ts'
import { bindingNotFound, executionDisabled, teeRequired } from '../errors.ts'
import { GraphqlParams, HttpParams, paramsBytesMax } from '../params.ts'
import { prepare, type Withheld } from '../prepare.ts'
import { type Binding, bindingKind, type Execution, executionKind } from '../records.ts'
import { type Draft, type Forbidden, graphqlDraft, httpDraft } from '../request.ts'
import { ExecuteBody } from '../schemas.ts'
import { send } from '../send.ts'
import { executeBody, settle, settledAction } from '../settle.ts'
import { hostOf } from '../target.ts'
import { useSecretTool } from '../tools.ts'

const intentTypes = ['http_request', 'graphql_query', 'graphql_mutation'] as const
type IntentType = (typeof intentTypes)[number]

/** What a binding can do. A call that is refused before it is read counts as the first. */
const intents = {
  http: ['http_request'],
  graphql: ['graphql_query', 'graphql_mutation'],
} as const satisfies Record<Binding['type'], readonly IntentType[]>

export const executeIntent = operation({
  name: 'bindings.execute',
  summary: 'Call a service through a binding. The vault adds the credential and redacts it from the answer.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/execute',
    status: 200,
    id: 'executeIntent',
    tag: 'Execution Intents',
  },
  tools: [useSecretTool],
  command: { name: 'binding call', positionals: ['agent_id', 'binding'] },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id), signedIn: ['agent'] },
  audit: {
    action: 'binding.execute',
    resource: 'binding',
    about: ({ binding }) => ({ binding }),
    settled: settledAction,
  },
  input: z.object({
    agent_id: agentOrMe(),
    binding: fields.text(64, 1),
    intent_type: fields.optional(z.enum(intentTypes, `must be one of ${intentTypes.join(', ')}`)),
    execution_mode: fields
      .optional(z.literal('vault', 'must be vault. This server has no trusted execution environment'))
      .describe('Where to execute the call. Only vault is supported.'),
    params: fields
      .freeObject(paramsBytesMax)
      .describe('For http: method, path, query, headers, body. For graphql: query, variables.'),
  }),
  output: ExecuteBody,
  idempotent: true,
  errors: [agentNotFound, bindingNotFound, executionDisabled, teeRequired, rateLimited],
  run: (context, { agent_id, binding: named, intent_type, params }) => {
    const agent = context.unit.require(agentKind, idOf(context, agent_id), agentNotFound)
    const settings = settingsOf(bindingsAgentSettings, agent.settings)
    if (!settings.execution_intents_enabled) throw executionDisabled()
    if (settings.execution_require_tee) throw teeRequired()
    const binding = bindingNamed(context, agent, named)
    const wanted = intentOf(binding, intent_type)
    const draft = draftOf(binding, params, wanted)
    if ('forbidden' in draft)
      return withhold(context, binding, wanted ?? intents[binding.type][0], {
        status: 'denied',
        error: draft.forbidden,
      })
    const { intentType } = draft
    const prepared = prepare(context, agent, binding, draft)
    if ('error' in prepared) return withhold(context, binding, intentType, prepared, draft.method)
    const { method } = draft
    const { filled, timeoutMs } = prepared
    const started = {
      ...newExecution(context, binding, intentType, method),
      settledBy: context.now + timeoutMs + minute,
    }
    context.unit.put(executionKind, started)
    const calling = { org: signedIn(context).org, by: actorOf(context) }
    const finish = async (engine: Engine) =>
      settle(engine, calling, started, await send(engine, binding, { method, timeoutMs }, filled))
    return new AfterCommit({ id: binding.id, execution: started.id, method, host: started.host }, finish)
  },
})

function bindingNamed({ unit }: Context, agent: Agent, named: string): Binding {
  if (uuidPattern.test(named)) return findBinding(unit, agent.id, named)
  const found = unit.find(bindingKind, 'name', agent.id, named)
  if (!found) throw bindingNotFound()
  return found
}

/** The type that the caller names. Otherwise the document of a GraphQL call decides. */
function intentOf({ type }: Binding, wanted: IntentType | undefined): IntentType | null {
  const fitting: readonly IntentType[] = intents[type]
  if (wanted !== undefined && !fitting.includes(wanted)) {
    throw invalidField('intent_type', `must be ${fitting.join(' or ')} for this binding`)
  }
  return wanted ?? null
}

type Typed = Draft & { readonly intentType: IntentType }

function draftOf(
  { type, config }: Binding,
  params: Readonly<Record<string, Json>>,
  wanted: IntentType | null,
): Typed | Forbidden {
  if (type === 'http') {
    const draft = httpDraft(config, parseInput(HttpParams, params))
    return 'forbidden' in draft ? draft : { ...draft, intentType: 'http_request' }
  }
  // Also as the body of a call over HTTP, which is how tools say it.
  const { body = {}, ...others } = params
  const request = typeof body === 'object' && !Array.isArray(body) ? { ...others, ...body } : params
  const documentType = wanted === null ? null : wanted === 'graphql_mutation' ? 'mutation' : 'query'
  const draft = graphqlDraft(config, parseInput(GraphqlParams, request), documentType)
  return 'forbidden' in draft ? draft : { ...draft, intentType: `graphql_${draft.type}` }
}

/** Records and audits a call that was not made, like any other call. */
function withhold(
  context: Context,
  binding: Binding,
  intentType: IntentType,
  { status, error }: Withheld,
  method = '',
): AfterCommit<ExecuteBody> {
  const execution = { ...newExecution(context, binding, intentType, method), status, error }
  context.unit.put(executionKind, execution)
  const about = {
    id: binding.id,
    execution: execution.id,
    host: execution.host,
    outcome: status === 'denied' ? status : 'failed',
  }
  return new AfterCommit(about, () => Promise.resolve(executeBody(execution)))
}

function newExecution({ now, newId }: Context, binding: Binding, intentType: IntentType, method: string): Execution {
  return {
    id: newId(),
    agentId: binding.agentId,
    bindingId: binding.id,
    intentType,
    status: 'started',
    method,
    host: hostOf(binding.config.base_url),
    httpStatus: null,
    bodyBytes: null,
    error: null,
    redactions: 0,
    durationMs: 0,
    createdAt: now,
    settledBy: now,
  }
}
