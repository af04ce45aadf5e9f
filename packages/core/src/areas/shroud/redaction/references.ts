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
  /** The host that the call goes to, if it is known. */
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
    const inText = (text: string, argument: string) =>
      text.replace(placeholder, (whole, name: string, check: string) => {
        const secret = this.#isIntact(name, check) ? this.#secrets.get(whole) : undefined
        if (!secret || !bindings.some((binding) => covers(binding, call, argument, secret.path))) {
          refused++
          return whole
        }
        count++
        return secret.value.reveal()
      })
    const changed = mapped(call.arguments, '', inText)
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

function covers(binding: ToolBinding, { tool, destination }: Call, argument: string, path: string): boolean {
  if (binding.tool !== null && binding.tool !== tool) return false
  if (binding.argument !== null && binding.argument !== argument) return false
  if (binding.destination !== null && binding.destination.toLowerCase() !== destination?.toLowerCase()) return false
  return binding.secrets.length === 0 || binding.secrets.some((glob) => compileGlob(glob)?.matches(path))
}

/** The same data with each text changed. A text is named by its path, such as `headers.Authorization` or `items.0`. */
function mapped(data: Json, path: string, change: (text: string, path: string) => string): Json {
  if (typeof data === 'string') return change(data, path)
  const below = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`)
  if (Array.isArray(data)) return data.map((one, at) => mapped(one, below(at), change))
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(Object.entries(data).map(([name, one]) => [name, mapped(one, below(name), change)]))
}
