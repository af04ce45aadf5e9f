import type { ModelProviders, Settings } from '../../operations/index.ts'

// The model providers, their URLs, and how Shroud sends a key to them. Only the server configuration sets the base URL (E6).

/** Providers that are known by name. Others exist where the operator has set a base URL for them. */
const known: ReadonlySet<string> = new Set(
  ['openai', 'anthropic', 'google', 'gemini', 'mistral', 'cohere', 'openrouter', 'bankr', 'darkbloom', 'venice'].concat(
    'openai_compatible',
  ),
)

type Configured = Pick<Settings, 'modelProviders' | 'modelPlugins'>

const nameShape = /^[a-z][a-z0-9_]{0,31}$/

/** Other names of the same provider. */
const aliases: Readonly<Record<string, readonly string[]>> = { google: ['gemini'], gemini: ['google'] }

/** The names under which a provider may be configured and have a key, its own first. */
export function namesOf(provider: string): readonly string[] {
  return [provider, ...(aliases[provider] ?? [])]
}

/** Whether there is or could be such a provider. */
export function isProvider({ modelProviders, modelPlugins }: Configured, name: string): boolean {
  return nameShape.test(name) && (known.has(name) || Object.hasOwn(modelProviders, name) || modelPlugins.includes(name))
}

/** The base URL that the operator has set, and the name under which, or null. */
export function baseOf(providers: ModelProviders, provider: string): { name: string; url: string } | null {
  const name = namesOf(provider).find((one) => Object.hasOwn(providers, one))
  return name === undefined ? null : { name, url: providers[name] ?? '' }
}

/** The setting that is missing. */
export function settingOf(provider: string): string {
  return `PAWL_MODEL_${provider.toUpperCase()}`
}

/**
 * The URL of a path such as `/v1/messages`. A base URL may end with the version, as those of local servers do, or leave it to
 * the path. Google answers requests in the words of OpenAI at a place of its own.
 */
export function urlAt(base: string, provider: string, path: string): string {
  const plain = base.replace(/\/+$/, '')
  const isTranslated = namesOf(provider).includes('google') && path.startsWith('/v1/')
  const wanted = isTranslated ? path.replace('/v1/', '/v1beta/openai/') : path
  const version = /^\/v1(?:beta)?(?=\/)/.exec(wanted)?.[0] ?? ''
  return plain.endsWith(version) ? plain + wanted.slice(version.length) : plain + wanted
}

/** The headers that show a key to this provider. */
export function keyHeaders(provider: string, path: string, key: string): Readonly<Record<string, string>> {
  if (provider === 'anthropic') return { 'x-api-key': key }
  if (provider === 'bankr') return { 'x-api-key': key }
  if (path.startsWith('/v1beta/')) return { 'x-goog-api-key': key }
  return { authorization: `Bearer ${key}` }
}

/** Headers of the caller that a provider gets. All others stay here: credentials, cookies, addresses (E8). */
const passedOn = /^(?:anthropic-version|anthropic-beta|openai-beta)$/
const plainValue = /^[A-Za-z0-9_.,=; -]{1,512}$/

export function headersFor(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const passed = Object.entries(given).filter(([name, value]) => passedOn.test(name) && plainValue.test(value))
  return Object.fromEntries(passed)
}

/** Headers of the provider that the caller gets. */
const shown =
  /^(?:x-request-id|request-id|retry-after|retry-after-ms|x-should-retry|(?:x|anthropic)-ratelimit-[a-z-]+)$/

export function shownHeaders(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => shown.test(name) && plainValue.test(value)))
}
