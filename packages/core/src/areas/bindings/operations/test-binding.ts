import * as z from 'zod'
import { AfterCommit, fields, operation, rateLimited } from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { bindingRef, findBinding } from '../access.ts'
import { bindingNotFound } from '../errors.ts'
import { prepare } from '../prepare.ts'
import type { Binding } from '../records.ts'
import type { Draft } from '../request.ts'
import { type Sent, send } from '../send.ts'

const timeoutMsMax = 30_000

export const testBinding = operation({
  name: 'bindings.test',
  summary: 'Test whether the service of a binding answers and accepts the credential. The test changes nothing there.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/bindings/{binding_id}/test',
    status: 200,
    id: 'testBinding',
    tag: 'Execution Intents',
  },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'binding.test',
    resource: 'binding',
    about: ({ agent_id, binding_id }) => ({ id: binding_id, agent_id }),
  },
  input: z.object({
    ...bindingRef,
    timeout_ms: fields.optional(fields.count(timeoutMsMax, 1)).describe('Timeout in milliseconds.'),
  }),
  output: z
    .object({ success: z.boolean(), latency_ms: fields.count(), error: z.string().optional() })
    .meta({ id: 'TestBindingResponse' }),
  errors: [agentNotFound, bindingNotFound, rateLimited],
  run: (context, { agent_id, binding_id, timeout_ms = timeoutMsMax }) => {
    const { unit } = context
    const agent = unit.require(agentKind, agent_id, agentNotFound)
    const binding = findBinding(unit, agent_id, binding_id)
    const draft = probeOf(binding)
    const prepared = prepare(context, agent, binding, draft)
    if ('error' in prepared) return { success: false, latency_ms: 0, error: prepared.error }
    const timeoutMs = Math.min(timeout_ms, prepared.timeoutMs)
    return new AfterCommit({ name: binding.name }, async (engine) => {
      const begin = engine.records.now()
      const sent = await send(engine, binding, { method: draft.method, timeoutMs }, prepared.filled)
      const error = problemOf(sent)
      return { success: error === undefined, latency_ms: Math.max(0, engine.records.now() - begin), error }
    })
  },
})

/** A request without side effects, to the base URL of the binding. */
function probeOf({ type, config }: Binding): Draft {
  const bare = { path: '', query: [], headers: new Map<string, string>() }
  if (type === 'graphql') return { ...bare, method: 'POST', body: { query: '{ __typename }' } }
  return { ...bare, method: config.auth_type === 'body' ? 'POST' : 'HEAD', body: undefined }
}

/** A service may answer 404 at its base URL. The test checks only that it works and does not refuse the credential. */
function problemOf({ httpStatus, error }: Sent): string | undefined {
  if (httpStatus === null) return error ?? 'The service did not answer.'
  const isRefused = [401, 403, 407].includes(httpStatus)
  if (isRefused) return `The service refuses the credential. It answers with status ${httpStatus}.`
  return httpStatus >= 500 ? `The service does not work. It answers with status ${httpStatus}.` : undefined
}
