import { RequestRejected } from '../web/errors.ts'
import { type GoShape, goAnswers, goModels } from './go-shapes.ts'

// Workarounds for clients that differ from the contract. No other file has any. Each entry names the section of
// behaviours/core.md that it comes from. An entry never changes what an operation declares itself.

/** The input that a route accepts beyond its declaration. */
export interface Quirks {
  /** Aliases of fields. If a client sends both, the declared name counts. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Aliases of values: the field, the alias, and the declared value. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Headers that fill a field which the body leaves out. */
  readonly headers?: Readonly<Record<string, string>>
  /** The server reads the body of this route, although it is a GET. */
  readonly bodyOnGet?: true
  /** The body may also be a form, as in OAuth. Only for routes where a form of another site can do no harm. */
  readonly form?: true
  /** Fields with a lifetime in hours, and the declared field with the time. */
  readonly hours?: Readonly<Record<string, string>>
  /** Fields that clients of the old contract cannot send, and the values that they mean. */
  readonly old?: Readonly<Record<string, string>>
}

const clientShare = { 'x-client-share': 'client_share' }
const passphrase = { 'x-share-passphrase': 'passphrase' }

// §20: seed 001 and the Python and Go clients know older names.
const agent = {
  aliases: {
    crypto_proxy_enabled: 'intents_api_enabled',
    tx_max_value_eth: 'tx_max_value',
    tx_daily_limit_eth: 'tx_daily_limit',
    tx_max_value: 'tx_max_value_eth',
    tx_daily_limit: 'tx_daily_limit_eth',
  },
}

// §9.2.1, §9.2.6 and §9.3: the Python client and the CLI have names, and a lifetime, of their own.
const share = {
  aliases: { recipient_email: 'email', email: 'recipient_email', max_views: 'max_access_count' },
  hours: { expires_in_hours: 'expires_at' },
}

/** By method and path, without the names of the parameters. */
const quirks: Readonly<Record<string, Quirks>> = {
  // §5.3: the old CLI.
  'PUT /v1/vaults/{}/secrets/{}': { aliases: { secret_type: 'type' } },
  // §4.1 and §20: the Python client.
  'POST /v1/vaults/{}/mpc': { aliases: { custody_mode: 'mpc_custody' } },
  'POST /v1/agents': agent,
  'PATCH /v1/agents/{}': agent,
  'POST /v1/secrets/{}/share': share,
  'POST /v1/shares': share,
  // S16: such a client cannot send the effect of a rule, and knows only grants.
  'PUT /v1/vaults/{}/policies/{}': { old: { if_effect: 'allow' } },
  // §9.2.10: no document defines where the passphrase goes, so the server accepts each place that was ever documented.
  'GET /v1/share/{}': { headers: { ...passphrase, ...clientShare }, bodyOnGet: true },
  'POST /v1/share/{}': { headers: { ...passphrase, ...clientShare } },
  'POST /v1/shares/{}/access': { headers: { ...passphrase, ...clientShare } },
  // §13 and §20: names and words of the documentation.
  'POST /v1/security/ip-rules': {
    aliases: { description: 'label' },
    words: { rule_type: { block: 'deny' }, applies_to: { humans: 'users' } },
  },
  // §3.10: OAuth sends forms.
  'POST /v1/auth/federated-token': { form: true },
  'POST /v1/oauth/token': { form: true },
  'POST /v1/oauth/revoke': { form: true },
  // §3.4: the type of the TypeScript client.
  'DELETE /v1/auth/me': { aliases: { confirm: 'confirmation' } },
}

export function quirksOf(shape: string): Quirks {
  return Object.hasOwn(quirks, shape) ? (quirks[shape] ?? {}) : {}
}

/** Moves aliases, headers and lifetimes into the declared fields. `declared` has the fields of the operation. */
export function settle(
  input: Record<string, unknown>,
  { aliases = {}, words = {}, headers = {}, hours = {}, old = {} }: Quirks,
  declared: ReadonlySet<string>,
  header: (name: string) => string | undefined,
  nowMs: number,
): void {
  for (const [alias, field] of Object.entries(aliases)) {
    if (declared.has(alias) || !declared.has(field) || input[alias] === undefined) continue
    input[field] ??= input[alias]
  }
  for (const [field, values] of Object.entries(words)) {
    const word = input[field]
    if (typeof word === 'string' && Object.hasOwn(values, word)) input[field] = values[word]
  }
  for (const [name, field] of Object.entries(headers)) {
    const value = header(name)
    if (declared.has(field) && value !== undefined) input[field] ??= value
  }
  for (const [field, value] of wantsOldShapes(header) ? Object.entries(old) : []) {
    if (declared.has(field)) input[field] ??= value
  }
  for (const [name, field] of Object.entries(hours)) {
    if (declared.has(name) || !declared.has(field) || input[name] === undefined || input[name] === null) continue
    input[field] ??= momentIn(name, input[name], nowMs)
  }
}

export const hoursMax = 24 * 366 * 100

function momentIn(name: string, hours: unknown, nowMs: number): string {
  if (typeof hours !== 'number' || !(hours > 0 && hours <= hoursMax)) {
    throw new RequestRejected(400, 'invalid_input', `${name}: must be a number of hours from 0 to ${hoursMax}`)
  }
  return new Date(nowMs + hours * 3_600_000).toISOString()
}

/** Verifiers cache these answers. Pages of any origin may read them, because they are the same for all callers. */
const forAll = ['cache-control', 'public, max-age=300', 'access-control-allow-origin', '*']
const discovery = ['content-type', 'application/json', ...forAll]
const jwks = ['content-type', 'application/jwk-set+json', ...forAll]
/** An answer without a secret may be as sensitive as one (the ID of a share by link). So only listed answers are cacheable. */
const json = ['content-type', 'application/json', 'cache-control', 'no-store']

// §3.10
const headers: Readonly<Record<string, readonly string[]>> = {
  'GET /.well-known/jwks.json': jwks,
  'GET /.well-known/openid-configuration': discovery,
  'GET /.well-known/oauth-authorization-server': discovery,
}

/** The fixed headers of an answer. */
export function headersOf(shape: string): readonly string[] {
  return Object.hasOwn(headers, shape) ? (headers[shape] ?? json) : json
}

export function contentTypeOf(shape: string): string {
  return headersOf(shape)[1] ?? ''
}

// §1.3: the Go client fails on an unknown field. Its user agent is the name of its generator, so it gets only the fields that
// it knew when it was generated: go-shapes.ts, which follows from the contract. Clients of the same generator with another
// user agent request them with `Prefer: contract=2.6` (S17).

/** Whether a client knows only the fields of the contract 2.6. */
export function wantsOldShapes(header: (name: string) => string | undefined): boolean {
  const userAgent = header('user-agent')
  if (userAgent?.startsWith('OpenAPI-Generator/') && userAgent.endsWith('/go')) return true
  const prefer = header('prefer')
  return prefer !== undefined && /(^|[,;])\s*contract="?2\.6"?\s*($|[,;])/i.test(prefer)
}

/** The output with only the fields that this client accepts. */
export function shapedFor(isOld: boolean, shape: string, output: unknown): unknown {
  if (!isOld) return output
  const answer = Object.hasOwn(goAnswers, shape) ? goAnswers[shape] : undefined
  if (answer === undefined || typeof answer === 'string') return known(answer, output)
  const { list, of } = answer
  return isObject(output) && Object.hasOwn(output, list) ? { ...output, [list]: known(of, output[list]) } : output
}

/** A value, or each value of a list, with only the fields of the model. */
function known(shape: GoShape | undefined, value: unknown): unknown {
  const fields = typeof shape === 'string' ? goModels[shape] : shape
  if (Array.isArray(value)) return value.map((one) => known(shape, one))
  if (typeof fields !== 'object' || !isObject(value)) return value
  const entries = Object.entries(shape === 'PolicyResponse' ? grantOnly(value) : value).filter(([name]) =>
    Object.hasOwn(fields, name),
  )
  return Object.fromEntries(entries.map(([name, one]) => [name, known(fields[name], one)]))
}

/** The old contract has no `effect`, so a deny would look like a grant. So a deny is shown without permissions (S16). */
function grantOnly(policy: Record<string, unknown>): Record<string, unknown> {
  return policy.effect === 'deny' ? { ...policy, permissions: [] } : policy
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}
