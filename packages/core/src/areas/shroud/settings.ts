import type { Json } from '../../kernel/json.ts'
import type { InPieces } from './redaction/in-pieces.ts'
import type { Action } from './verdict.ts'

// The settings of an agent as the detectors read them: both vocabularies of the contract as one, with the defaults.

/** What a detector does about a finding, before the mode is applied. */
export type DetectorAction = Exclude<Action, 'allow'>

/** From the fewest triggers. */
const levels = ['relaxed', 'default', 'strict'] as const
export type Level = (typeof levels)[number]

interface Switch {
  readonly isOn: boolean
  readonly action: DetectorAction
}

const unicodeForms = ['NFC', 'NFKC', 'NFD', 'NFKD'] as const

/** Where a placeholder becomes the value again: in one argument of one tool, or in all calls to one destination. */
export interface ToolBinding {
  readonly tool: string | null
  /** The names on the way to the argument, such as `headers` and `Authorization`. Null: any argument. */
  readonly argument: readonly string[] | null
  /** The host that the call goes to. `*.example.com` means each host below it. Null: any. */
  readonly destination: string | null
  /** Globs over paths of secrets. Empty: every secret that the agent may read. */
  readonly secrets: readonly string[]
}

export interface ShroudSettings {
  readonly pii: Action
  /** A score above it is refused. */
  readonly injectionThreshold: number
  readonly contextInjectionThreshold: number
  readonly redactsSecrets: boolean
  readonly filtersResponses: boolean
  /** The ceiling for all detectors. `redact`: a block becomes a removal where the detector can remove. */
  readonly mode: DetectorAction
  readonly logsThreats: boolean
  readonly unicode: {
    readonly isOn: boolean
    readonly stripsZeroWidth: boolean
    readonly normalizesHomoglyphs: boolean
    readonly form: (typeof unicodeForms)[number]
  }
  readonly commands: Switch & { readonly level: Level; readonly customPatterns: readonly string[] }
  readonly socialEngineering: Switch & { readonly level: Level }
  readonly encoding: Switch & {
    /** Whether all detectors look at what was decoded, and not only those for injections. */
    readonly decodes: boolean
    readonly base64: boolean
    readonly hex: boolean
    readonly unicodeEscapes: boolean
  }
  readonly network: Switch & { readonly blockedDomains: readonly string[]; readonly allowedDomains: readonly string[] }
  readonly filesystem: Switch & { readonly blockedPaths: readonly string[] }
  readonly toolCalls: Switch & {
    readonly allowedNames: readonly string[]
    readonly deniedNames: readonly string[]
    readonly scansArguments: boolean
    readonly blocksExfiltration: boolean
  }
  readonly outputPolicy: Switch & {
    readonly blocksInjections: boolean
    readonly blockedPatterns: readonly string[]
    readonly blockedEntities: readonly string[]
    readonly harmfulCategories: readonly string[]
  }
  readonly secretInjection: Switch & { readonly level: Level }
  readonly advancedRedaction: InPieces
  readonly semantic: Switch & {
    readonly allowedTopics: readonly string[]
    readonly deniedTopics: readonly string[]
    readonly allowedTasks: readonly string[]
    readonly deniedTasks: readonly string[]
  }
  readonly toolBindings: readonly ToolBinding[]
}

const blockedDomainsDefault = ['pastebin.com', 'ngrok.io', 'ngrok.app', 'ngrok-free.app', 'webhook.site']

const blockedPathsDefault = [
  ...['/etc/passwd', '/etc/shadow', '/etc/sudoers', '/proc/self/environ', '/root/', '.ssh/', 'id_rsa', 'id_ed25519'],
  ...[
    '.env',
    '.aws/credentials',
    '.kube/config',
    '.docker/config.json',
    '.netrc',
    '.npmrc',
    '.pgpass',
    '.git-credentials',
  ],
  ...['/var/run/secrets/', 'C:\\Windows\\System32', '.pem', '.p12', '.pfx', '.kdbx', 'wallet.dat'],
]

const harmfulCategories = ['violence', 'self_harm', 'illegal', 'hate', 'sexual', 'malware'] as const

const known = new WeakMap<object, ShroudSettings>()

/**
 * The settings of an agent for its `shroud_config`. A member that makes no sense counts as the strictest value.
 *
 * @example
 * settingsOf({ pii_policy: 'block', filesystem_detection: { action: 'log' } })
 */
export function settingsOf(config: Json | undefined): ShroudSettings {
  if (!isObject(config)) return defaults
  const made = known.get(config) ?? read(new Members(config))
  known.set(config, made)
  return made
}

type JsonObject = { readonly [name: string]: Json }

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function read(config: Members): ShroudSettings {
  const unicode = config.part('unicode_normalization', true)
  const commands = config.part('command_injection_detection', true)
  const social = config.part('social_engineering_detection', true)
  const encoding = config.part('encoding_detection', true)
  const network = config.part('network_detection', true)
  const files = config.part('filesystem_detection', false)
  const tools = config.part('tool_call_inspection', false)
  const output = config.part('output_policy', false)
  const injected = config.part('secret_injection_detection', false)
  const advanced = config.part('advanced_redaction', false)
  const semantic = config.part('semantic_policy', false)
  return {
    pii: config.choice(
      'pii_policy',
      { block: 'block', redact: 'redact', warn: 'warn', allow: 'allow' },
      'redact',
      'block',
    ),
    injectionThreshold: config.score('injection_threshold'),
    contextInjectionThreshold: config.score('context_injection_threshold'),
    redactsSecrets: config.flag('enable_secret_redaction', true),
    filtersResponses: config.flag('enable_response_filtering', true),
    mode: config.choice('sanitization_mode', actionNames, 'block', 'block'),
    logsThreats: config.flag('threat_logging', true),
    unicode: {
      isOn: unicode.isOn,
      stripsZeroWidth: unicode.flag('strip_zero_width', true),
      normalizesHomoglyphs: unicode.flag('normalize_homoglyphs', true),
      form: unicode.choice(
        'normalization_form',
        { NFC: 'NFC', NFKC: 'NFKC', NFD: 'NFD', NFKD: 'NFKD' },
        'NFKC',
        'NFKC',
      ),
    },
    commands: {
      ...commands.switch('block'),
      level: levelOf(commands),
      customPatterns: commands.words('custom_patterns'),
    },
    socialEngineering: { ...social.switch('warn'), level: sensitivityOf(social) },
    encoding: {
      ...encoding.switch('warn'),
      decodes: encoding.text('action') === 'decode',
      base64: encoding.flag('detect_base64', true),
      hex: encoding.flag('detect_hex', true),
      unicodeEscapes: encoding.flag('detect_unicode', encoding.flag('detect_unicode_escape', true)),
    },
    network: {
      ...network.switch('warn'),
      blockedDomains: network.words('blocked_domains', blockedDomainsDefault),
      allowedDomains: network.words('allowed_domains'),
    },
    filesystem: { ...files.switch('warn'), blockedPaths: files.words('blocked_paths', blockedPathsDefault) },
    toolCalls: {
      ...tools.switch('block'),
      allowedNames: tools.words('allowed_tool_names'),
      deniedNames: tools.words('denied_tool_names'),
      scansArguments: tools.flag('scan_arguments', true),
      blocksExfiltration: tools.flag('block_credential_exfil', true),
    },
    outputPolicy: {
      ...output.switch('warn'),
      blocksInjections: output.text('action') === null || output.text('action') === 'block',
      blockedPatterns: output.words('blocked_patterns'),
      blockedEntities: output.words('blocked_entities'),
      harmfulCategories: output.flag('block_harmful_content', false)
        ? output.words('harmful_categories', harmfulCategories)
        : [],
    },
    secretInjection: { ...injected.switch('block'), level: sensitivityOf(injected) },
    advancedRedaction: {
      splits: advanced.isOn && advanced.flag('detect_split_secrets', false),
      prefixes: advanced.isOn && advanced.flag('detect_prefix_leak', false),
      charactersMin: advanced.count('min_secret_length', 16),
    },
    semantic: {
      ...semantic.switch('warn'),
      allowedTopics: semantic.words('allowed_topics'),
      deniedTopics: semantic.words('denied_topics'),
      allowedTasks: semantic.words('allowed_tasks'),
      deniedTasks: semantic.words('denied_tasks'),
    },
    toolBindings: config.list('tool_bindings').filter(isObject).flatMap(bindingOf),
  }
}

const actionNames: Readonly<Record<string, DetectorAction>> = {
  ...{ block: 'block', sanitize: 'redact', surgical: 'redact', redact: 'redact' },
  ...{ decode: 'warn', warn: 'warn', log: 'warn', log_only: 'warn' },
}

/** `strictness` and `patterns` are the same dial. The patterns of the operator come on top of the default ones. */
function levelOf(part: Members): Level {
  const level = { relaxed: 'relaxed', default: 'default', strict: 'strict', custom: 'default' } as const
  return part.choice('strictness', level, part.choice('patterns', level, 'default', 'strict'), 'strict')
}

/** As the contract says: `low` has more triggers. */
function sensitivityOf(part: Members): Level {
  return part.choice('sensitivity', { low: 'strict', medium: 'default', high: 'relaxed' }, 'default', 'strict')
}

/** A binding that names neither a tool nor a destination would put values anywhere. */
function bindingOf(given: JsonObject): ToolBinding[] {
  const part = new Members(given)
  const [tool, argument, destination] = [part.text('tool'), part.text('argument'), part.text('destination')]
  if (destination === null && (tool === null || argument === null)) return []
  return [{ tool, argument: argument === null ? null : namesIn(argument), destination, secrets: part.words('secrets') }]
}

/** Of a path with dots, or of a JSON pointer, which can also name an argument with a dot. */
function namesIn(path: string): readonly string[] {
  if (!path.startsWith('/')) return path.split('.')
  const names = path.slice(1).split('/')
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The members of an object of the configuration, each with a default, and with the value that restricts most. */
class Members {
  readonly #given: JsonObject
  readonly isOn: boolean

  constructor(given: JsonObject, isOn = true) {
    this.#given = given
    this.isOn = isOn
  }

  /** A part that is there is on, unless it says otherwise. */
  part(name: string, isOnByDefault: boolean): Members {
    const given = this.#member(name)
    if (given === undefined) return new Members({}, isOnByDefault)
    if (!isObject(given)) return new Members({})
    return new Members(given, given.enabled !== false)
  }

  switch(action: DetectorAction): Switch {
    return { isOn: this.isOn, action: this.choice('action', actionNames, action, 'block') }
  }

  flag(name: string, usual: boolean): boolean {
    const given = this.#member(name)
    return typeof given === 'boolean' ? given : given === undefined ? usual : true
  }

  choice<T extends string>(name: string, values: Readonly<Record<string, T>>, usual: T, strictest: T): T {
    const given = this.#member(name)
    if (given === undefined) return usual
    return typeof given === 'string' && Object.hasOwn(values, given) ? (values[given] as T) : strictest
  }

  score(name: string): number {
    const given = this.#member(name)
    return typeof given === 'number' && given >= 0 && given <= 1 ? given : given === undefined ? 0.7 : 0
  }

  count(name: string, usual: number): number {
    const given = this.#member(name)
    return typeof given === 'number' && given >= 1 ? Math.floor(given) : usual
  }

  text(name: string): string | null {
    const given = this.#member(name)
    return typeof given === 'string' ? given : null
  }

  list(name: string): readonly Json[] {
    const given = this.#member(name)
    return Array.isArray(given) ? given : []
  }

  words(name: string, usual: readonly string[] = []): readonly string[] {
    return this.#member(name) === undefined ? usual : this.list(name).filter((word) => typeof word === 'string')
  }

  /** Null counts as absent: it resets a member. */
  #member(name: string): Json | undefined {
    return Object.hasOwn(this.#given, name) ? (this.#given[name] ?? undefined) : undefined
  }
}

const defaults = read(new Members({}))
