import { base64, fromBase64, fromUtf8, utf8 } from '../../../kernel/bytes.ts'
import type { Json } from '../../../kernel/json.ts'
import type { Part } from '../verdict.ts'
import { isAllowed, isFree } from './allowed-fields.ts'

// Every text of a body, in any field. Texts that a model or a person reads are parts to inspect. In all other texts, Shroud
// replaces known values. One walk serves all dialects, because a walk that knows the fields would miss new ones (H2).

/** A body whose texts can be read and replaced. */
export interface Texts {
  readonly parts: readonly Part[]
  /** The names of all fields, as one text: a name is passed on as it is. */
  readonly names: string
  /** The first field that is not passed on, with the fields that it is in, or null. */
  readonly unknownField: string | null
  /** The body with these texts in place of the parts, and with every other text replaced by the function. */
  write(texts: readonly string[], others: (text: string) => string): Json
}

type Role = Part['role']
type Mutable = null | boolean | number | string | Mutable[] | { [key: string]: Mutable }
type Fields = { [key: string]: Mutable }

interface Where {
  readonly role: Role
  /** In declarations of tools, only descriptions are for reading. */
  readonly isDeclared: boolean
  readonly free: string | null
  readonly path: string
}

/** Reads a request. Its fields must be known ones. */
export function textsOfRequest(body: Json): Texts {
  return new Walk(true).texts(body, { role: 'user', isDeclared: false, free: null, path: '' })
}

/** Reads an answer. Providers may add fields. */
export function textsOfAnswer(body: Json): Texts {
  return new Walk(false).texts(body, { role: 'assistant', isDeclared: false, free: null, path: '' })
}

const roles: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
}

const systemFields = new Set(['system', 'instructions', 'systemInstruction', 'system_instruction'])
const declaringFields = new Set([
  'tools',
  'functions',
  'input_schema',
  'json_schema',
  'response_format',
  'responseSchema',
])
const resultTypes = new Set(['tool_result', 'function_call_output', 'custom_tool_call_output', 'search_result'])
const resultFields = new Set(['functionResponse', 'function_response'])

/** Words of the protocol. What is written there is for programs. */
const programFields = new Set(
  [
    'model',
    'type',
    'role',
    'id',
    'name',
    'object',
    'status',
    'format',
    'detail',
    'signature',
    'thoughtSignature',
  ].concat(
    ['thought_signature', 'encrypted_content', 'media_type', 'mimeType', 'mime_type', 'tool_call_id', 'tool_use_id'],
    ['call_id', 'item_id', 'file_id', 'user', 'user_id', 'safety_identifier', 'prompt_cache_key', 'service_tier'],
    ['tool_choice', 'mode', 'effort', 'reasoning_effort', 'verbosity', 'finish_reason', 'finishReason', 'stop_reason'],
    [
      'system_fingerprint',
      'modelVersion',
      'responseId',
      'previous_response_id',
      'keep_alive',
      'ttl',
      'encrypted_index',
    ],
  ),
)
/** Bytes as text. */
const dataFields = new Set(['data', 'file_data'])

interface Slot {
  readonly part: Part
  put(text: string): void
}

class Walk {
  readonly #isStrict: boolean
  readonly #slots: Slot[] = []
  readonly #others: { get(): string; put(text: string): void }[] = []
  readonly #names = new Set<string>()
  #unknown: string | null = null

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict
  }

  texts(body: Json, where: Where): Texts {
    const root: Fields = { body: copyOf(body) }
    this.#visit(root, 'body', where)
    return {
      parts: this.#slots.map(({ part }) => part),
      names: [...this.#names].join('\n'),
      unknownField: this.#unknown,
      write: (texts, others) => {
        for (const [at, slot] of this.#slots.entries()) slot.put(texts[at] ?? '')
        for (const other of this.#others) other.put(others(other.get()))
        return root.body as Json
      },
    }
  }

  #visit(holder: Fields | Mutable[], key: string | number, where: Where, field = String(key)): void {
    const value = (holder as Fields)[key] as Mutable
    const put = (next: Mutable) => {
      ;(holder as Fields)[key] = next
    }
    if (value === '') return
    if (typeof value === 'string') this.#text(value, put, field, where, holder)
    else if (Array.isArray(value)) for (const at of value.keys()) this.#visit(value, at, where, field)
    else if (value !== null && typeof value === 'object') this.#object(value, inside(value, field, where))
  }

  #object(fields: Fields, where: Where): void {
    for (const name of Object.keys(fields)) {
      this.#names.add(name)
      if (this.#isStrict && !isAllowed(name, where.free)) this.#unknown ??= `${where.path}${name}`
      if (where.free === null && this.#toolCall(fields, name, where)) continue
      this.#visit(fields, name, below(name, where))
    }
  }

  /** The arguments of a tool call, as JSON or as an object. */
  #toolCall(fields: Fields, name: string, { role, isDeclared }: Where): boolean {
    const value = fields[name]
    const tool = fields.name
    const isArguments = name === 'arguments' || name === 'args' || (name === 'input' && typeof fields.id === 'string')
    if (!isArguments || isDeclared || typeof tool !== 'string') return false
    if (typeof value === 'string') {
      this.#slots.push({
        part: { text: value, role, tool },
        put: (next) => {
          fields[name] = next
        },
      })
      return true
    }
    if (value === null || typeof value !== 'object') return false
    this.#slots.push({
      part: { text: JSON.stringify(value), role, tool },
      put: (next) => {
        fields[name] = JSON.parse(next) as Mutable
      },
    })
    return true
  }

  #text(text: string, put: (text: string) => void, field: string, where: Where, holder: Fields | Mutable[]): void {
    const { role, isDeclared, free } = where
    const isData = free === null && (dataFields.has(field) || text.startsWith('data:'))
    const document = isData ? documentIn(text, holder) : null
    const isForPrograms = isData || (isDeclared ? field !== 'description' : free === null && programFields.has(field))
    if (document !== null) {
      // What is unchanged stays as it was written.
      const encode = (next: string) => (next === document ? text : base64(utf8(next)))
      this.#slots.push({ part: { text: document, role }, put: (next) => put(encode(next)) })
    } else if (isForPrograms) this.#others.push({ get: () => text, put })
    else this.#slots.push({ part: { text, role }, put })
  }
}

/** The texts stay the same objects, so a long text costs nothing. */
function copyOf(value: Json): Mutable {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(copyOf)
  // It defines each field, so that the name __proto__ is one too.
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf(field)]))
}

/** What an object says about the texts in it. */
function inside(fields: Fields, field: string, where: Where): Where {
  const { role: named, type } = fields
  const isResult = (typeof type === 'string' && resultTypes.has(type)) || resultFields.has(field)
  const role = isResult ? 'tool' : typeof named === 'string' ? (roles[named] ?? where.role) : where.role
  return { ...where, role }
}

function below(name: string, where: Where): Where {
  return {
    role: systemFields.has(name) || name === 'tools' || name === 'functions' ? 'system' : where.role,
    isDeclared: where.isDeclared || declaringFields.has(name),
    free: where.free ?? (isFree(name) ? name : null),
    path: `${where.path}${name}.`,
  }
}

/** The text of a document that came as base64, or null. */
function documentIn(data: string, holder: Fields | Mutable[]): string | null {
  if (Array.isArray(holder) || holder.type === 'text') return null
  const type = [holder.media_type, holder.mimeType, holder.mime_type].find((one) => typeof one === 'string')
  if (typeof type !== 'string' || !/^text\/|[/+](?:json|xml)(?:;|$)/.test(type)) return null
  const bytes = fromBase64(data.replace(/\s+/g, ''))
  try {
    return bytes && fromUtf8(bytes)
  } catch {
    return null
  }
}
