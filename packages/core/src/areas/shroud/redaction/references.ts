import { base32, utf8 } from '../../../kernel/bytes.ts'
import { compileGlob } from '../../../kernel/globs.ts'
import type { Json } from '../../../kernel/json.ts'
import type { Redactor } from '../../../kernel/redactor.ts'
import type { Secret } from '../../../kernel/secret.ts'
import type { Crypto } from '../../../ports/crypto.ts'
import type { ToolBinding } from '../settings.ts'

// The way back: the model saw a placeholder and writes it into the arguments of a tool. Shroud inserts the value only where a
// binding of the agent allows it, and only for this call.

/** A call that a model asks for. */
export interface Call {
  readonly tool: string
  readonly arguments: Json
  /** The host that the call goes to. Default: the host of the arguments, if they can name no other one. */
  readonly destination?: string | undefined
}

export interface PutBack {
  readonly arguments: Json
  /** How many placeholders became values. */
  readonly count: number
  /** How many stay, because no binding covers them, or because they were changed. */
  readonly refused: number
}

interface Referred {
  readonly path: string
  readonly value: Secret<string>
}

const placeholder = /\[REDACTED:#([0-9a-f]{8}-[0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{5})\]/g

export class References {
  /** Writes placeholders in the place of values. */
  readonly redactor: Redactor
  readonly #secrets: ReadonlyMap<string, Referred>
  readonly #crypto: Pick<Crypto, 'sha256'>

  constructor(redactor: Redactor, secrets: ReadonlyMap<string, Referred>, crypto: Pick<Crypto, 'sha256'>) {
    this.redactor = redactor
    this.#secrets = secrets
    this.#crypto = crypto
  }

  /**
   * The arguments with the values, where a binding names this tool and argument, or this destination.
   *
   * @example
   * references.putBack({ tool: 'http', arguments: { headers: { Authorization: `Bearer ${reference}` } } }, [
   *   { tool: 'http', argument: 'headers.Authorization', destination: 'api.example.com', secrets: ['api-keys/*'] },
   * ])
   */
  putBack(call: Call, bindings: readonly ToolBinding[]): PutBack {
    let count = 0
    let refused = 0
    const destination = (call.destination ?? hostNamedIn(call.arguments))?.toLowerCase() ?? null
    const inText = (text: string, argument: Names) =>
      text.replace(placeholder, (whole, name: string, check: string) => {
        const secret = this.#isIntact(name, check) ? this.#secrets.get(whole) : undefined
        if (
          !secret ||
          !bindings.some((binding) => covers(binding, { tool: call.tool, destination, argument }, secret.path))
        ) {
          refused++
          return whole
        }
        count++
        return secret.value.reveal()
      })
    const changed = mapped(call.arguments, [], inText)
    return { arguments: changed, count, refused }
  }

  #isIntact(name: string, check: string): boolean {
    return checksum(name, this.#crypto) === check
  }
}

/** The last characters of a placeholder. They tell a placeholder that a model changed from a text that never was one. */
export function checksum(name: string, crypto: Pick<Crypto, 'sha256'>): string {
  return base32(crypto.sha256(utf8(name)).subarray(0, 3))
}

type Names = readonly (string | number)[]

interface Spot {
  readonly tool: string
  readonly destination: string | null
  readonly argument: Names
}

function covers(binding: ToolBinding, { tool, destination, argument }: Spot, path: string): boolean {
  if (binding.tool !== null && binding.tool !== tool) return false
  if (binding.argument !== null && !isSame(binding.argument, argument)) return false
  if (binding.destination !== null && !isHost(binding.destination.toLowerCase(), destination)) return false
  return binding.secrets.length === 0 || binding.secrets.some((glob) => compileGlob(glob)?.matches(path))
}

function isSame(names: Names, others: Names): boolean {
  return names.length === others.length && names.every((name, at) => name === String(others[at]))
}

function isHost(wanted: string, host: string | null): boolean {
  if (host === null) return false
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}

const hostName = /[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]/.source
/** The rest is looked through only where it begins, not after each character of a host. */
const portAndRest = /(?::[0-9]{1,5})?(?:(?=[/?#])(?!.*\/\/)[/?#][\w~/?#&=%+.:*!$'()-]*)?/.source
/** A text that is one address, which all programs read in the same way. Without `//` it needs a dot or a port. */
export const address = new RegExp(
  `^(?:(?:[a-z][a-z0-9+.-]*:)?//(${hostName})${portAndRest}|(?=[^/?#]*[.:])(${hostName})${portAndRest})$`,
  'i',
)
/** What a lenient program can read as another address, such as `user@host`, `https:/host`, `host:80` or `host%2ecom`. */
const hint = /[@\\]|::|\/\/|[^ ][.:%[\]\u3002][^ ]/
/** URL parsers skip tabs and line breaks. Characters that are not seen hide a dot. */
const skipped = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/**
 * The host of the arguments, or null. A tool can call any host that its arguments name. So there is a host only if each name,
 * text and number in them is either an address of this host, or nothing that a program can read as an address.
 */
function hostNamedIn(data: Json): string | null {
  const hosts = new Set<string | null>()
  for (const one of textsIn(data)) {
    if (typeof one === 'number') {
      if (isNumberOfHost(String(one))) hosts.add(null)
      continue
    }
    // A value can stand in the path of an address, but not in its host.
    const text = one.replace(placeholder, '~')
    const found = address.exec(text)
    const host = found?.[1] ?? found?.[2]
    if (host !== undefined) hosts.add(host.toLowerCase())
    else if (isLikeAddress(text.normalize('NFKC').replace(skipped, ''))) hosts.add(null)
  }
  const [host = null] = hosts
  return hosts.size === 1 ? host : null
}

function isLikeAddress(text: string): boolean {
  return hint.test(text) || text.split(/[^0-9a-z_-]+/i).some(isNumberOfHost)
}

/** `2130706433` and `0x7f000001` are IPv4 addresses for a URL. Those of 0.0.0.0/8 are no destination. */
function isNumberOfHost(word: string): boolean {
  if (!/^[0-9]/.test(word)) return false
  const host = hostnameOf(`https://${word}/`)
  return host.includes('.') && !host.startsWith('0.')
}

function hostnameOf(url: string): string {
  try {
    return new URL(url).hostname
  } catch {
    return ''
  }
}

/** All names, texts and numbers in the data. */
function* textsIn(data: Json): Generator<string | number> {
  if (typeof data === 'string' || typeof data === 'number') yield data
  else if (Array.isArray(data)) for (const one of data) yield* textsIn(one)
  else if (data !== null && typeof data === 'object')
    for (const [name, one] of Object.entries(data)) {
      yield name
      yield* textsIn(one)
    }
}

/** The same data with each text changed. A text is named by the names on the way to it. */
function mapped(data: Json, path: Names, change: (text: string, path: Names) => string): Json {
  if (typeof data === 'string') return change(data, path)
  if (Array.isArray(data)) return data.map((one, at) => mapped(one, [...path, at], change))
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(Object.entries(data).map(([name, one]) => [name, mapped(one, [...path, name], change)]))
}
