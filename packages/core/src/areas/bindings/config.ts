import * as z from 'zod'
import { fields } from '../../operations/index.ts'
import { isForAgents } from './headers.ts'
import { hostOf, parseBase, pathProblem } from './target.ts'

// The configuration of a binding. Unknown members are refused, because one could be a misspelt limit.

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof methods)[number]

const authTypes = ['bearer', 'basic', 'header', 'query', 'body'] as const

const listMax = 100
const timeoutMsMax = 120_000
const perMinuteMax = 600

const list = <T extends z.ZodType>(entry: T) =>
  fields.optional(
    z.array(entry, 'must be a list').min(1, 'must not be empty').max(listMax, `must have at most ${listMax} entries`),
  )

const host = () =>
  z
    .string('must be a string')
    .max(255, 'must have at most 255 characters')
    // What the URL standard leaves of a host. The rest it says itself.
    .regex(/^(?:[a-z0-9_-][a-z0-9_.-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/, 'must be a host, such as api.example.com')
    .refine((given) => parseBase(`https://${given}`) === `https://${given}`, 'must be a host, such as api.example.com')

const pathPattern = () =>
  z
    .string('must be a string')
    .refine(
      (given) => pathProblem(given.replace(/\*$/, '')) === null && !given.slice(0, -1).includes('*'),
      'must be a path, such as /v1/charges, or a path prefix that ends with "*"',
    )

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused, and classes by name are not portable
const userName = /^[^:\x00-\x1f\x7f-\x9f]*$/

const timeout = () => fields.optional(fields.count(timeoutMsMax, 1))

const authName = () =>
  z
    .string('must be a string')
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'must be the name of a header, parameter or field')

/** The destination of calls and the position of the credential. */
export const BindingConfig = z
  .strictObject(
    {
      base_url: z
        .string('must be a string')
        .max(2_048, 'must have at most 2048 characters')
        .transform((given, context) => {
          const base = parseBase(given)
          if (base !== null) return base
          context.addIssue('must be a URL without credentials, query or fragment, such as https://api.example.com/v1')
          return z.NEVER
        }),
      auth_type: z.enum(authTypes, `must be one of ${authTypes.join(', ')}`).default('bearer'),
      /** Name of the header, query parameter or body field. */
      auth_name: fields.optional(authName()),
      /** User name for basic authentication. Without it, the credential is `user:password`. */
      username: fields.optional(
        fields
          .text(255, 1)
          .regex(userName, 'must not have colons or control characters')
          .refine((given) => !/\p{Surrogate}/u.test(given), 'must be a string'),
      ),
      allowed_hosts: list(host()),
      allowed_paths: list(pathPattern()),
      allowed_methods: list(z.enum(methods, `must be one of ${methods.join(', ')}`)),
      timeout_ms: timeout(),
    },
    'must be an object with the fields base_url, auth_type, auth_name, username, allowed_hosts, allowed_paths, allowed_methods and timeout_ms',
  )
  .superRefine(({ base_url, auth_type, auth_name, username, allowed_hosts }, context) => {
    const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    const isNamed = ['header', 'query', 'body'].includes(auth_type)
    if (isNamed !== (auth_name !== undefined)) {
      complain(
        'auth_name',
        isNamed ? `must be the name of the ${namedBy[auth_type]}` : `must not be set when auth_type is ${auth_type}`,
      )
    }
    if (auth_type === 'header' && auth_name && !isForAgents(auth_name))
      complain('auth_name', 'must be a header that the credential may use')
    if (username !== undefined && auth_type !== 'basic')
      complain('username', `must not be set when auth_type is ${auth_type}`)
    const isBase = parseBase(base_url) !== null
    if (allowed_hosts && isBase && !allowed_hosts.includes(hostOf(base_url)))
      complain('base_url', 'must have a host that is in allowed_hosts')
  })

const namedBy: Readonly<Record<string, string>> = {
  header: 'header',
  query: 'query parameter',
  body: 'body field',
}

export type BindingConfig = z.output<typeof BindingConfig>

const guardrailFields = {
  allowed_hosts: list(host()),
  max_duration_ms: timeout(),
  max_requests_per_minute: fields.optional(fields.count(perMinuteMax, 1)),
}

/** Additional limits for the calls of a binding. */
export const Guardrails = z.strictObject(
  guardrailFields,
  'must be an object with the fields allowed_hosts, max_duration_ms and max_requests_per_minute',
)

export type Guardrails = Partial<z.output<typeof Guardrails>>

/** Limits for all bindings of an agent: its `execution_guardrails`. */
export const AgentGuardrails = z.strictObject(
  { ...guardrailFields, allowed_binding_types: list(z.string()) },
  'must be an object with the fields allowed_hosts, max_duration_ms, max_requests_per_minute and allowed_binding_types',
)

export type AgentGuardrails = Partial<z.output<typeof AgentGuardrails>>

const defaultTimeoutMs = 30_000

/** Returns the strictest of these limits. */
export function strictest(config: BindingConfig, all: readonly Guardrails[]) {
  const hosts = [config, ...all].flatMap(({ allowed_hosts }) => (allowed_hosts ? [allowed_hosts] : []))
  const perMinute = all.flatMap(({ max_requests_per_minute }) => max_requests_per_minute ?? [])
  return {
    allowsHost: hosts.every((allowed) => allowed.includes(hostOf(config.base_url))),
    timeoutMs: Math.min(
      config.timeout_ms ?? defaultTimeoutMs,
      ...all.map((one) => one.max_duration_ms ?? timeoutMsMax),
    ),
    perMinuteMax: perMinute.length === 0 ? null : Math.min(...perMinute),
  }
}
