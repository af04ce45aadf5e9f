import * as z from 'zod'
import { denied, tool } from '../../operations/index.ts'
import { methods } from './config.ts'
import { callFailed } from './errors.ts'
import type { BindingBody, ExecuteBody } from './schemas.ts'

/** A longer body would fill the context of a model without use. */
const shownCharactersMax = 64 * 1024

const object = (description: string) => z.record(z.string(), z.unknown()).optional().meta({ description })

export const useSecretTool = tool({
  name: 'use_secret',
  summary:
    'Call a service with a credential that you never see. The vault adds it and redacts it from the answer. ' +
    'list_calls shows what you may call.',
  input: z.object({
    call: z.string('must be a string').meta({ description: 'Name of a call from list_calls.' }),
    method: z
      .enum(methods, `must be one of ${methods.join(', ')}`)
      .optional()
      .meta({ description: 'Default: GET.' }),
    path: z.string('must be a string').optional().meta({ description: 'Path below base_url, such as /charges/42.' }),
    query: object('Query parameters to add to the URL.'),
    headers: object('Headers to send. Do not add one for the credential.'),
    body: z.unknown().optional().meta({ description: 'JSON or a string. For graphql: { query, variables }.' }),
  }),
  call: ({ call, ...params }) => ({ agent_id: 'me', binding: call, params: params as Record<string, never> }),
  answer: ({ status, result, error }: ExecuteBody) => {
    if (status === 'denied') throw denied({ reason: error ?? 'The call is not allowed.' })
    if (status !== 'success' || !result) throw callFailed({ reason: error ?? 'The call failed.' })
    const { status: answered, headers, body } = result
    if (typeof body !== 'string' || body.length <= shownCharactersMax) return { status: answered, headers, body }
    return { status: answered, headers, body: body.slice(0, shownCharactersMax), truncated: true }
  },
})

export const listCallsTool = tool({
  name: 'list_calls',
  summary: 'List what use_secret may call: names, destinations, and the allowed methods and paths.',
  input: z.object({}),
  call: () => ({ agent_id: 'me' }),
  answer: ({ bindings }: { bindings: BindingBody[] }) => ({
    calls: bindings
      .filter(({ is_active }) => is_active)
      .map(({ name, binding_type, config }) => {
        const { base_url, allowed_methods, allowed_paths } = config
        return { name, type: binding_type, base_url, allowed_methods, allowed_paths }
      }),
  }),
})
