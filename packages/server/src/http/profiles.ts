import { RequestRejected } from '../web/errors.ts'

// What some clients do that the contract does not say, and the one place where it is made up for. Each entry names the
// section of behaviours/core.md that it comes from. An entry never touches what an operation declares itself.

/** What a route takes beyond its declaration. */
export interface Quirks {
  /** Another name of a field, and the field: the name that is declared wins when both are sent. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Headers that fill a field which the body leaves out. */
  readonly headers?: Readonly<Record<string, string>>
  /** A GET whose body is read all the same. */
  readonly bodyOnGet?: true
  /** Lifetimes in hours, and the field that has the moment. */
  readonly hours?: Readonly<Record<string, string>>
}

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

/** By method and path, whatever the parameters are called. */
const quirks: Readonly<Record<string, Quirks>> = {
  // §5.3: the old CLI.
  'PUT /v1/vaults/{}/secrets/{}': { aliases: { secret_type: 'type' } },
  'POST /v1/agents': agent,
  'PATCH /v1/agents/{}': agent,
  'POST /v1/secrets/{}/share': share,
  'POST /v1/shares': share,
  // §9.2.10: nothing says how a passphrase travels, so it may come in each way that was ever documented.
  'GET /v1/share/{}': { headers: passphrase, bodyOnGet: true },
  'POST /v1/share/{}': { headers: passphrase },
  'POST /v1/shares/{}/access': { headers: passphrase },
  // §3.4: the type of the TypeScript client.
  'DELETE /v1/auth/me': { aliases: { confirm: 'confirmation' } },
}

export function quirksOf(shape: string): Quirks {
  return Object.hasOwn(quirks, shape) ? (quirks[shape] ?? {}) : {}
}

/** Puts what came in other ways where the operation looks for it. `declared` are the fields it knows. */
export function settle(
  input: Record<string, unknown>,
  { aliases = {}, headers = {}, hours = {} }: Quirks,
  declared: ReadonlySet<string>,
  header: (name: string) => string | undefined,
  nowMs: number,
): void {
  for (const [alias, field] of Object.entries(aliases)) {
    if (declared.has(alias) || !declared.has(field) || input[alias] === undefined) continue
    input[field] ??= input[alias]
  }
  for (const [name, field] of Object.entries(headers)) {
    const value = header(name)
    if (declared.has(field) && value !== undefined) input[field] ??= value
  }
  for (const [name, field] of Object.entries(hours)) {
    if (declared.has(name) || !declared.has(field) || input[name] === undefined || input[name] === null) continue
    input[field] ??= momentIn(name, input[name], nowMs)
  }
}

const hoursMax = 24 * 366 * 100

function momentIn(name: string, hours: unknown, nowMs: number): string {
  if (typeof hours !== 'number' || !(hours > 0 && hours <= hoursMax)) {
    throw new RequestRejected(400, 'invalid_input', `${name}: must be a number of hours from 0 to ${hoursMax}`)
  }
  return new Date(nowMs + hours * 3_600_000).toISOString()
}

const jwks = ['content-type', 'application/jwk-set+json', 'cache-control', 'public, max-age=300']
const json = ['content-type', 'application/json']

// §3.10: verifiers elsewhere keep the keys for a while.
const headers: Readonly<Record<string, readonly string[]>> = {
  'GET /.well-known/jwks.json': jwks,
  'GET /.well-known/openid-configuration': [...json, 'cache-control', 'public, max-age=300'],
}

/** What an answer says of itself. */
export function headersOf(shape: string): readonly string[] {
  return Object.hasOwn(headers, shape) ? (headers[shape] ?? json) : json
}

// §1.3: the Go client fails on a field that it does not know. It says who it is by its generator's name, so it gets what
// it knew when it was generated.

type Trim = (value: unknown) => unknown

/** Only these fields, and inside of some of them again only some. */
function only(names: string, inner: Readonly<Record<string, Trim>> = {}): Trim {
  const kept = names.split(' ')
  return each((value) =>
    Object.fromEntries(
      kept.filter((name) => Object.hasOwn(value, name)).map((name) => [name, trimmed(inner[name], value[name])]),
    ),
  )
}

/** Every field, and inside of some of them only some. */
function within(inner: Readonly<Record<string, Trim>>): Trim {
  return each((value) =>
    Object.fromEntries(Object.entries(value).map(([name, one]) => [name, trimmed(inner[name], one)])),
  )
}

function each(trim: (value: Record<string, unknown>) => unknown): Trim {
  return (value) => {
    if (Array.isArray(value)) return value.map(each(trim))
    return isObject(value) ? trim(value) : value
  }
}

function trimmed(trim: Trim | undefined, value: unknown): unknown {
  return trim ? trim(value) : value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}

const goToken = only('access_token token_type expires_in refresh_token')
const goVault = only('id name description created_by created_by_type created_at cmek_enabled cmek_fingerprint')
const goSecretMetadata = only('id path type version metadata created_at expires_at')
const goSecret = only('id path type value version metadata created_by created_at expires_at cmek_encrypted')
const goPolicy = only(
  'id vault_id secret_path_pattern principal_type principal_id permissions conditions expires_at created_by ' +
    'created_by_type created_at',
)
const goShroud = only(
  'pii_policy injection_threshold context_injection_threshold allowed_providers allowed_models denied_models ' +
    'max_tokens_per_request max_requests_per_minute max_requests_per_day daily_budget_usd enable_secret_redaction ' +
    'enable_response_filtering unicode_normalization command_injection_detection social_engineering_detection ' +
    'encoding_detection network_detection filesystem_detection sanitization_mode threat_logging',
)
const goAgent = only(
  'id name description auth_method scopes is_active intents_api_enabled tx_to_allowlist tx_max_value_eth ' +
    'tx_daily_limit_eth tx_allowed_chains token_ttl_seconds vault_ids client_cert_fingerprint oidc_issuer ' +
    'oidc_client_id ssh_public_key ecdh_public_key shroud_enabled shroud_config created_at expires_at ' +
    'last_active_at smart_accounts',
  { shroud_config: goShroud },
)
const goRotationJob = only(
  'id vault_id old_fingerprint new_fingerprint status total_secrets processed error started_at completed_at created_at',
)

const goShapes: Readonly<Record<string, Trim>> = {
  'POST /v1/auth/agent-token': goToken,
  'POST /v1/auth/api-key-token': goToken,
  'POST /v1/auth/refresh': goToken,
  'GET /v1/auth/jwt-public-key': only('alg public_key_base64'),
  'POST /v1/vaults': goVault,
  'GET /v1/vaults': within({ vaults: goVault }),
  'GET /v1/vaults/{}': goVault,
  'POST /v1/vaults/{}/cmek': goVault,
  'DELETE /v1/vaults/{}/cmek': goVault,
  'POST /v1/vaults/{}/cmek-rotate': goRotationJob,
  'GET /v1/vaults/{}/cmek-rotate/{}': goRotationJob,
  'PUT /v1/vaults/{}/secrets/{}': goSecretMetadata,
  'GET /v1/vaults/{}/secrets/{}': goSecret,
  'GET /v1/vaults/{}/secrets': within({ secrets: goSecretMetadata }),
  'GET /v1/vaults/{}/secret-versions/{}': within({ versions: goSecretMetadata }),
  'GET /v1/vaults/{}/secret-version/{}/{}': goSecret,
  'POST /v1/vaults/{}/secret-rotate/{}': goSecretMetadata,
  'POST /v1/vaults/{}/policies': goPolicy,
  'GET /v1/vaults/{}/policies': within({ policies: goPolicy }),
  'PUT /v1/vaults/{}/policies/{}': goPolicy,
  'POST /v1/agents': only('agent api_key', { agent: goAgent }),
  'GET /v1/agents': within({ agents: goAgent }),
  'GET /v1/agents/me': goAgent,
  'GET /v1/agents/{}': goAgent,
  'PATCH /v1/agents/{}': goAgent,
}

/** The output as this client can take it. */
export function shapedFor(userAgent: string | undefined, shape: string, output: unknown): unknown {
  if (!userAgent?.startsWith('OpenAPI-Generator/') || !userAgent.endsWith('/go')) return output
  return Object.hasOwn(goShapes, shape) ? trimmed(goShapes[shape], output) : output
}
