import * as z from 'zod'
import { denied, tool } from '../../operations/index.ts'
import { methods } from './config.ts'
import { callFailed } from './errors.ts'
import type { BindingBody, ExecuteBody } from './schemas.ts'

/** More than this of a body fills the head of a model and helps it no further. */
const shownCharactersMax = 64 * 1024

const object = (description: string) => z.record(z.string(), z.unknown()).optional().meta({ description })

export const useSecretTool = tool({
  name: 'use_secret',
  summary:
    'Call a service with a credential that you never see: the vault fills it in and takes it out of the answer. ' +
    'list_calls says what may be called.',
  input: z.object({
    call: z.string('must be a text').meta({ description: 'The name of a call that list_calls shows.' }),
    method: z
      .enum(methods, `must be one of ${methods.join(', ')}`)
      .optional()
      .meta({ description: 'GET, unless told.' }),
    path: z.string('must be a text').optional().meta({ description: 'Below its base_url, such as /charges/42.' }),
    query: object('Parameters to add to the URL.'),
    headers: object('Headers to send. The credential needs none.'),
    body: z.unknown().optional().meta({ description: 'JSON, or a text. For graphql: { query, variables }.' }),
  }),
  call: ({ call, ...given }) => {
    const params = Object.entries(given).filter(([, value]) => value !== undefined)
    return { agent_id: 'me', binding: call, params: Object.fromEntries(params) as Record<string, never> }
  },
  answer: ({ status, result, error }: ExecuteBody) => {
    if (status === 'denied') throw denied({ reason: error ?? 'This is not allowed.' })
    if (status !== 'success' || !result) throw callFailed({ reason: error ?? 'The call failed.' })
    const { status: answered, headers, body } = result
    if (typeof body !== 'string' || body.length <= shownCharactersMax) return { status: answered, headers, body }
    return { status: answered, headers, body: body.slice(0, shownCharactersMax), truncated: true }
  },
})

export const listCallsTool = tool({
  name: 'list_calls',
  summary: 'List what use_secret may call: names, where they lead, and which methods and paths are allowed.',
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
