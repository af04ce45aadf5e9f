import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseUri, UriError } from '@pawl/adapters/hsm/pkcs11'
import { postgres } from '@pawl/adapters/storage/postgres'
import type { ModelProviders } from '@pawl/core'
import { nearest } from '../derive/did-you-mean.ts'
import { chainSettings, chainSettingsIn, isChainSetting, readChains } from './chain-settings.ts'
import { ConfigError } from './config-error.ts'
import { geoFile } from './geo-file.ts'
import { identityProviders } from './identity-providers.ts'
import {
  isKeyStoreSetting,
  type KeyStoreChoice,
  keyStoreSettings,
  namesFor,
  readKeyStores,
  settingOf,
} from './key-store-settings.ts'
import { isModelSetting, modelNames, modelPrices, modelSetting, readModelProviders } from './model-settings.ts'
import { moduleNamed } from './modules.ts'
import { auditSinkChoice, destinations, mailbox, smtpServer, toLog } from './outside.ts'
import {
  blocks,
  choice,
  count,
  days,
  daysOrForever,
  type Environment,
  type HsmChoice,
  headerName,
  key,
  list,
  mebibytes,
  onOff,
  optional,
  path,
  port,
  prices,
  ranges,
  type Setting,
  secret,
  setting,
  signUp,
  text,
  Unfit,
  unfitServer,
  webUrl,
} from './settings.ts'
import { tiers } from './tier-settings.ts'

function quota(name: string, usual: string, what: string): Setting<number> {
  const summary = `Maximum number of ${what} that one agent can create. 0: none. An organisation can set a lower limit.`
  return setting(name, usual, summary, count)
}

/** Every setting, once. The environment, the flags of `pawl serve`, `pawl config` and the docs are read from here. */
export const settings = {
  host: setting(
    'PAWL_HOST',
    '127.0.0.1',
    'Address to listen on. An address other than loopback opens the vault to the network.',
    text,
  ),
  port: setting('PAWL_PORT', '8210', 'Port of the API. 0 means any free port.', port),
  shroudPort: optional(
    'PAWL_SHROUD_PORT',
    'Port of Shroud, the proxy between agents and models. 0 means any free port. Default: no Shroud. npm start sets 8211.',
    port,
  ),
  publicUrl: optional(
    'PAWL_PUBLIC_URL',
    'URL where clients reach this server, for links. Default: the address it listens on.',
    webUrl,
  ),
  dataDir: setting('PAWL_DATA_DIR', '.pawl', 'Data folder.', resolve),
  storage: optional(
    'PAWL_STORAGE',
    'Storage: sqlite:<path>, postgres://<user>@<host>/<database>, memory:, or a plug-in (module:<path or package>). Default: vault.db in the data folder.',
    storage,
    withoutPassword,
  ),
  hsm: optional(
    'PAWL_HSM',
    'Key store: software:<path>, or the pkcs11: URI of a token. Default: the file keys in the data folder.',
    hsm,
    withoutPin,
  ),
  hsmPin: secret('PAWL_HSM_PIN', 'User PIN of the token, if its URI has no pin-source.', text),
  rootKeyFile: optional(
    'PAWL_ROOT_KEY_FILE',
    'File with the root key (32 bytes). Pawl creates it if it is missing. Default: root.key in the data folder.',
    resolve,
  ),
  rootKey: secret('PAWL_ROOT_KEY', 'Root key, as hexadecimal digits or base64, instead of a file.', key),
  rootPassphrase: secret('PAWL_ROOT_PASSPHRASE', 'Passphrase that encrypts the keys, instead of a root key.', text),
  rootHsm: optional(
    'PAWL_ROOT_HSM',
    'The pkcs11: URI of a token that wraps the root key. The vault opens automatically while the token is available.',
    rootToken,
  ),
  ownerEmail: setting(
    'PAWL_OWNER_EMAIL',
    'owner@localhost',
    'E-mail address of the first owner, created at the first start.',
    text,
  ),
  ownerPassword: secret(
    'PAWL_OWNER_PASSWORD',
    'Password of the first owner. Default: a random password, shown once.',
    text,
  ),
  rateLimits: setting('PAWL_RATE_LIMITS', 'on', 'Limit the rate of requests and sign-in attempts: on or off.', onOff),
  strictKeys: setting(
    'PAWL_STRICT_KEYS',
    'off',
    'Unwrap the data key in the key store for every read, and cache none: on or off.',
    onOff,
  ),
  signUp: setting(
    'PAWL_SIGN_UP',
    'closed',
    'Who can create an account and an organisation of their own: closed, open, or a comma-separated list of e-mail domains. Sign-up needs mail.',
    signUp,
  ),
  identityProviders: optional(
    'PAWL_OIDC_PROVIDERS',
    'JSON file with the identity providers that people sign in with (OpenID Connect).',
    identityProviders,
  ),
  geo: optional(
    'PAWL_GEO_FILE',
    'CSV file with the places of networks, for risk events: network,country,latitude,longitude,city. Default: places are not known.',
    geoFile,
  ),
  agentVaultsMax: quota('PAWL_AGENT_VAULTS_MAX', '10', 'vaults'),
  agentSecretsMax: quota('PAWL_AGENT_SECRETS_MAX', '10000', 'secrets, also in vaults of others,'),
  agentSharesMax: quota('PAWL_AGENT_SHARES_MAX', '100', 'shares that have not ended'),
  agentPoliciesMax: quota('PAWL_AGENT_POLICIES_MAX', '100', 'policies'),
  usdPrices: setting(
    'PAWL_USD_PRICES',
    '',
    'US dollars for one unit of a currency or registered token, comma-separated: ETH=3000,USDC=1. Limits in dollars need them.',
    prices,
  ),
  depositConfirmations: setting(
    'PAWL_DEPOSIT_CONFIRMATIONS',
    '12',
    'Number of blocks with which a deposit is credited, its own block included.',
    blocks,
  ),
  tiers: optional(
    'PAWL_TIERS',
    'Tiers of organisations: a JSON file, or preset for free, pro, business and enterprise. Default: one tier without limits.',
    tiers,
  ),
  stripeKey: secret('PAWL_STRIPE_KEY', 'Secret key of a Stripe account that sells tiers and credits.', text),
  stripeWebhookSecret: secret(
    'PAWL_STRIPE_WEBHOOK_SECRET',
    'Signing secret of the Stripe webhook that posts to /v1/billing/webhooks.',
    text,
  ),
  keepDeletedMs: setting(
    'PAWL_KEEP_DELETED',
    '30d',
    'How long a deleted secret can be restored, such as 30d. After that, it is destroyed. 0d means within an hour.',
    days,
  ),
  cacheMb: setting(
    'PAWL_CACHE_MB',
    '64',
    'Memory for all caches of the engine (records, policies, tokens, data keys), in MiB of heap.',
    mebibytes,
  ),
  auditSync: setting(
    'PAWL_AUDIT_SYNC',
    'disk',
    'When a read is answered: disk, after its audit event is on the disk, or os, after the operating system has it. With os, a power failure can lose the events of the last reads. Only SQLite has os.',
    choice('disk', 'os'),
  ),
  auditKeep: setting(
    'PAWL_AUDIT_KEEP',
    'forever',
    'How long audit events stay in the vault: forever, or days such as 400d. Older segments are dropped after they were exported and verified.',
    daysOrForever,
  ),
  auditSink: optional(
    'PAWL_AUDIT_SINK',
    'Also send audit events to a file as JSON lines (file:<path>), a log collector (https://<host>/<path>) or an audit sink (module:<path or package>).',
    auditSinkChoice,
  ),
  auditSinkToken: secret('PAWL_AUDIT_SINK_TOKEN', 'Bearer token for the log collector.', text),
  tlsCert: optional(
    'PAWL_TLS_CERT',
    'File with the TLS certificate and its chain (PEM). The server then speaks HTTPS only, TLS 1.2 or newer, and loads the file again when it changes.',
    path,
  ),
  tlsKey: optional('PAWL_TLS_KEY', 'File with the private key of the TLS certificate (PEM, not encrypted).', path),
  tlsClientCa: optional(
    'PAWL_TLS_CLIENT_CA',
    'File with the authorities (PEM) of client certificates. Agents with the method mtls then sign in with a certificate of these. Others need none.',
    path,
  ),
  trustedProxies: setting(
    'PAWL_TRUSTED_PROXIES',
    '',
    'Addresses and ranges of proxies whose X-Forwarded-For header is trusted.',
    ranges,
  ),
  clientCertificateHeader: optional(
    'PAWL_CLIENT_CERT_HEADER',
    'Header in which the trusted proxies hand on the client certificate that they verified, such as Client-Cert (RFC 9440). The proxy must remove this header from the requests of clients.',
    headerName,
  ),
  origins: setting(
    'PAWL_CORS_ORIGINS',
    'none',
    'Origins of other sites that may call from a browser (CORS): *, none, or a comma-separated list.',
    origins,
  ),
  mcpValues: setting('PAWL_MCP_VALUES', 'on', 'Whether tools at /mcp show secret values to models: on or off.', onOff),
  egressAllow: setting(
    'PAWL_EGRESS_ALLOW',
    '',
    'Hosts that the server may call, comma-separated: api.example.com, *.example.com:8443, 10.1.0.0/16, or http://127.0.0.1:9000 without TLS.',
    destinations,
  ),
  modelPrices: optional(
    'PAWL_SHROUD_PRICES',
    'JSON file with the price of each model, in USD for a million tokens. A budget in USD allows only models with a price.',
    modelPrices,
  ),
  smtpUrl: secret(
    'PAWL_SMTP_URL',
    'Mail server: smtp://<user>:<password>@<host>:<port>, or smtps://. STARTTLS is required, except on loopback or with ?tls=off at the end. For development: log shows mail on the terminal.',
    smtpServer,
  ),
  mailFrom: optional('PAWL_MAIL_FROM', 'Sender address of mail.', mailbox),
  logLevel: setting(
    'PAWL_LOG_LEVEL',
    'warn',
    'Log level: silent, error, warn, or info (one line per request).',
    choice('silent', 'error', 'warn', 'info'),
  ),
  areas: setting(
    'PAWL_AREAS',
    '',
    'Modules of additional areas to serve, as paths or package names. The default export of each must be an area.',
    list,
  ),
  moneyServices: optional(
    'PAWL_MONEY_SERVICES',
    'Module of services for wallets, as a path or package name. Its default export can have the members swaps, fiatRamp and bankr.',
    text,
  ),
  shroudPlugins: optional(
    'PAWL_SHROUD_PLUGINS',
    'Module of plug-ins for Shroud, as a path or package name. Its default export can have the members detectors, classifiers and models.',
    text,
  ),
  policyEngine: optional(
    'PAWL_POLICY_ENGINE',
    'Module of a policy engine, as a path or package name. Its default export must be a policy engine. It can only deny.',
    text,
  ),
  metrics: setting('PAWL_METRICS', 'off', 'Serve Prometheus metrics at /metrics: on or off.', onOff),
  metricsToken: secret('PAWL_METRICS_TOKEN', 'Bearer token required for /metrics.', text),
} as const

export type Config = { readonly [K in keyof typeof settings]: ReturnType<(typeof settings)[K]['read']> } & {
  /** The key stores of organisations, by name. */
  readonly keyStores: Readonly<Record<string, KeyStoreChoice>>
  /** Base URLs of model providers, by name. */
  readonly modelProviders: ModelProviders
  /** The URLs of the nodes, bundlers and paymasters of chains, by setting: `PAWL_RPC_BASE`. */
  readonly nodes: Readonly<Record<string, readonly string[]>>
}

/** The fields that come from settings with a placeholder in their names. */
type Named = 'keyStores' | 'nodes' | 'modelProviders'

/** Names that begin with PAWL_ and are not settings of the server. */
const othersNames = [
  'PAWL_TEST_REQUIRE',
  'PAWL_TEST_SEED',
  'PAWL_TEST_NOTICES',
  'PAWL_TEST_PROGRAM',
  'PAWL_TEST_PKCS11_CHILD',
  // The variables of clients, which may also be set where a server starts.
  'PAWL_URL',
  'PAWL_TOKEN',
  'PAWL_API_KEY',
  'PAWL_AGENT_API_KEY',
  'PAWL_AGENT_TOKEN',
  'PAWL_AGENT_ID',
  'PAWL_VAULT_ID',
  'PAWL_CONFIG_DIR',
  'PAWL_MCP_COMMANDS',
]

export function readConfig(given: Environment): Config {
  const env = withoutServiceLinks(given)
  const problems = unknownNames(env)
  const read = ([field, one]: readonly [string, Setting<unknown>]) => {
    try {
      const given = textOf(one, env)
      return [field, given === null ? null : one.read(given)]
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${one.name} ${error.message}.`)
      return [field, null]
    }
  }
  const fixed = Object.fromEntries(Object.entries(settings).map(read)) as unknown as Omit<Config, Named>
  const config: Config = {
    ...fixed,
    keyStores: readKeyStores(env, hsm, problems),
    nodes: readChains(env, problems),
    modelProviders: readModelProviders(env, problems),
  }
  problems.push(...contradictions(config))
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return config
}

/**
 * Kubernetes tells the containers of a namespace about its services. Of a service named `pawl` it sets PAWL_PORT to
 * `tcp://10.0.0.1:8210`, and PAWL_SERVICE_HOST and others, none of which is a setting (S10).
 */
function withoutServiceLinks(env: Environment): Environment {
  const isLink = ([name, value]: readonly [string, string | undefined]) =>
    /^PAWL_(?:SERVICE_(?:HOST|PORT)|PORT_\d+_(?:TCP|UDP|SCTP))/.test(name) ||
    (name === settings.port.name && /^(?:tcp|udp|sctp):\/\//.test(value ?? ''))
  return Object.fromEntries(Object.entries(env).filter((one) => !isLink(one)))
}

/** The settings, for readers who may not see secrets. */
export function shownConfig(given: Environment): { name: string; value: string; isSet: boolean; summary: string }[] {
  const env = withoutServiceLinks(given)
  const keyStores = keyStoreSettings.flatMap((one) =>
    namesFor(one.name, env).map((name) => ({ ...one, name, shown: withoutPin })),
  )
  const chains = chainSettings.flatMap((one) =>
    chainSettingsIn(one.name, env).map((name) => ({ ...one, name, shown: () => '' })),
  )
  const models = modelNames(env).map((name) => ({ ...modelSetting, name, shown: (given: string) => given }))
  return [...Object.values(settings), ...keyStores, ...chains, ...models].map(
    ({ name, summary, usual, secret: hidden, shown }) => {
      const given = env[name] ?? env[`${name}_FILE`]
      const value = given !== undefined && hidden ? '(set)' : shown(given ?? usual ?? '')
      return { name, value, isSet: given !== undefined, summary }
    },
  )
}

function textOf({ name, usual, secret: hidden }: Setting<unknown>, env: Environment): string | null {
  const given = env[name]
  const file = hidden ? fileOf(name, env) : undefined
  if (given !== undefined && file !== undefined)
    throw new Unfit(`and ${name}_FILE are both set: one of them is too many`)
  return given ?? (file === undefined ? usual : contentOf(name, file))
}

/** PAWL_ROOT_KEY_FILE is a separate setting: a file that Pawl creates, and not a file with the text of a setting. */
function fileOf(name: string, env: Environment): string | undefined {
  return `${name}_FILE` === settings.rootKeyFile.name ? undefined : env[`${name}_FILE`]
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new Unfit(`cannot be read from the file that ${name}_FILE names`)
  }
}

function contradictions(config: Config): string[] {
  const { rootKey, rootPassphrase, rootKeyFile, hsm, hsmPin, metrics, metricsToken, smtpUrl, mailFrom } = config
  const roots = [rootKey, rootPassphrase, rootKeyFile].filter((root) => root !== null)
  const names = `${settings.rootKey.name}, ${settings.rootPassphrase.name} and ${settings.rootKeyFile.name}`
  const problems = roots.length > 1 ? [`Set only one of ${names}, because only one root key encrypts the keys.`] : []
  if (hsmPin !== null && hsm?.kind !== 'pkcs11')
    problems.push(`${settings.hsmPin.name} is set, but ${settings.hsm.name} does not name a token.`)
  if (hsmPin !== null && hsm?.kind === 'pkcs11' && hsm.hasPin)
    problems.push(
      `${settings.hsmPin.name} and the pin-source in ${settings.hsm.name} are both set. Remove one of them.`,
    )
  if (metricsToken !== null && !metrics)
    problems.push(`${settings.metricsToken.name} is set, but ${settings.metrics.name} is off.`)
  if (config.auditSinkToken !== null && config.auditSink?.kind !== 'http')
    problems.push(`${settings.auditSinkToken.name} is set, but ${settings.auditSink.name} is not a URL.`)
  if ((config.tlsCert === null) !== (config.tlsKey === null))
    problems.push(`${settings.tlsCert.name} and ${settings.tlsKey.name} must be set together.`)
  if (config.tlsClientCa !== null && config.tlsCert === null)
    problems.push(`${settings.tlsClientCa.name} is set, but ${settings.tlsCert.name} is not.`)
  if (config.clientCertificateHeader !== null && config.trustedProxies.length === 0)
    problems.push(`${settings.clientCertificateHeader.name} is set, but ${settings.trustedProxies.name} is not.`)
  if (smtpUrl !== toLog && (smtpUrl === null) !== (mailFrom === null))
    problems.push(`${settings.smtpUrl.name} and ${settings.mailFrom.name} must be set together.`)
  if ((config.stripeKey === null) !== (config.stripeWebhookSecret === null))
    problems.push(`${settings.stripeKey.name} and ${settings.stripeWebhookSecret.name} must be set together.`)
  problems.push(...sharedKeyStores(config))
  return problems
}

/** Refuses two names for one key store, because custody needs three different ones. */
function sharedKeyStores({ hsm, dataDir, keyStores }: Config): string[] {
  const placeOf = (chosen: HsmChoice) => (chosen.kind === 'software' ? chosen.path : chosen.uri)
  const taken = new Map([[placeOf(hsm ?? { kind: 'software', path: resolve(dataDir, 'keys') }), settings.hsm.name]])
  return Object.entries(keyStores).flatMap(([name, { hsm: chosen }]) => {
    const [place, setting] = [placeOf(chosen), settingOf(name)]
    const other = taken.get(place)
    taken.set(place, setting)
    return other ? `${setting} names the same key store as ${other}.` : []
  })
}

function unknownNames(env: Environment): string[] {
  const known = Object.values(settings).flatMap(({ name, secret: hidden }) =>
    hidden ? [name, `${name}_FILE`] : [name],
  )
  const isKnown = (name: string) =>
    [...known, ...othersNames].includes(name) ||
    [isKeyStoreSetting, isChainSetting, isModelSetting].some((isOne) => isOne(name))
  const unknown = Object.keys(env).filter((name) => /^PAWL_/i.test(name) && !isKnown(name))
  return unknown.map((name) => `${name} is not a setting. Did you mean ${nearest(name.toUpperCase(), known)}?`)
}

export type { Environment, HsmChoice } from './settings.ts'

export type StorageChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'module'; readonly module: string }

function storage(given: string): StorageChoice {
  const [, path] = /^sqlite:(.+)$/.exec(given) ?? []
  if (path !== undefined) return { kind: 'sqlite', path: resolve(path) }
  if (given === 'memory:') return { kind: 'memory' }
  if (/^postgres(ql)?:/.test(given)) return database(given)
  const module = moduleNamed(given)
  if (module !== null) return { kind: 'module', module }
  throw new Unfit('must be sqlite:<path>, postgres://<user>@<host>/<database>, memory: or module:<path or package>')
}

function database(url: string): StorageChoice {
  try {
    postgres({ url })
    return { kind: 'postgres', url }
  } catch (error) {
    throw unfitServer(error)
  }
}

/** The part of a store setting that may be shown: of a URL the user and the location. A malformed URL is not shown. */
function withoutPassword(given: string): string {
  if (/^(sqlite|module):/.test(given) || !given.includes('@')) return given
  const { protocol, username, host, pathname } = URL.canParse(given) ? new URL(given) : new URL('unreadable:@')
  return pathname.includes('@') ? '(set)' : `${protocol}//${username}@${host}${pathname}`
}

function hsm(given: string): HsmChoice {
  const [, path] = /^software:(.+)$/.exec(given) ?? []
  if (path !== undefined) return { kind: 'software', path: resolve(path) }
  if (given.startsWith('pkcs11:')) return token(given)
  throw new Unfit('must be software:<path>, or the pkcs11: URI of a token')
}

/** A PIN in this setting is refused. It is still not shown. */
function withoutPin(given: string): string {
  return given.includes('pin-value') ? '(set)' : given
}

function token(uri: string): HsmChoice {
  try {
    const { object, modulePath, pinSource } = parseUri(uri)
    if (Object.keys(object).length > 0)
      throw new Unfit('must name a token. Remove object, id and type, which name a key')
    if (modulePath === null) throw new Unfit('must name the module of the token: ?module-path=/path/to/the/module.so')
    return { kind: 'pkcs11', uri, modulePath, hasPin: pinSource !== null }
  } catch (error) {
    throw error instanceof UriError ? new Unfit(`is not a valid URI: ${error.message}`) : error
  }
}

function rootToken(given: string): string {
  const chosen = given.startsWith('pkcs11:') ? token(given) : null
  if (chosen?.kind !== 'pkcs11') throw new Unfit('must be the pkcs11: URI of a token')
  if (!chosen.hasPin) throw new Unfit('must name the file of the PIN: &pin-source=/path/to/the/pin')
  return chosen.uri
}

function origins(given: string): '*' | readonly string[] {
  if (given === '*') return '*'
  const found = given === 'none' ? [] : list(given)
  for (const origin of found) {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin
    if (!isOrigin) throw new Unfit('must be *, none, or origins such as https://app.example.com')
  }
  return found
}
