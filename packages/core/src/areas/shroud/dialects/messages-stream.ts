import type { Json } from '../../../kernel/json.ts'
import type { Fields, Filters, StreamRewriter } from './filters.ts'
import { fieldsOf, textIn } from './json.ts'

/** Deltas of text, and the field that holds it. */
const textDeltas: Readonly<Record<string, string>> = { text_delta: 'text', thinking_delta: 'thinking' }

/** A call of a tool, of which not all is there yet. */
interface Call {
  readonly start: Fields
  readonly block: Fields
  text: string
}

/** Events of Anthropic's messages. */
export class MessagesStream implements StreamRewriter {
  readonly #filters: Filters
  readonly #calls = new Map<Json, Call>()
  /** The delta of text in each block that is open. */
  readonly #texts = new Map<Json, string>()

  constructor(filters: Filters) {
    this.#filters = filters
  }

  event(event: Fields): Fields[] {
    if (event.type === 'content_block_start') return this.#start(event)
    if (event.type === 'content_block_delta') return this.#delta(event)
    if (event.type === 'content_block_stop') return [...this.#stop(event.index ?? 0), event]
    return [fieldsOf(this.#filters.whole(event))]
  }

  /** A block without an end event gets none, but the caller gets its text. An incomplete call is dropped. */
  end(): Fields[] {
    return [...this.#texts.keys()].flatMap((index) => this.#stop(index))
  }

  #start(event: Fields): Fields[] {
    const block = fieldsOf(event.content_block)
    const index = event.index ?? 0
    if (block.input !== undefined && typeof block.name === 'string') {
      this.#calls.set(index, { start: event, block, text: '' })
      return []
    }
    return [fieldsOf(this.#filters.whole(event))]
  }

  #delta(event: Fields): Fields[] {
    const delta = fieldsOf(event.delta)
    const index = event.index ?? 0
    const type = textIn(delta.type)
    const call = this.#calls.get(index)
    if (call && type === 'input_json_delta') {
      call.text += textIn(delta.partial_json)
      return []
    }
    const field = textDeltas[type]
    if (field === undefined) return type === 'input_json_delta' ? [] : [fieldsOf(this.#filters.whole(event))]
    this.#texts.set(index, type)
    const text = this.#filters.text(`${index}`, textIn(delta[field]))
    return text === '' ? [] : [textEvent(index, type, text)]
  }

  #stop(index: Json): Fields[] {
    const call = this.#calls.get(index)
    const type = this.#texts.get(index)
    this.#calls.delete(index)
    this.#texts.delete(index)
    if (call) return this.#complete(index, call)
    const rest = type === undefined ? '' : this.#filters.end(`${index}`)
    return rest === '' || type === undefined ? [] : [textEvent(index, type, rest)]
  }

  #complete(index: Json, { start, block, text }: Call): Fields[] {
    // Some servers put all of the input into the block.
    const given = text === '' ? JSON.stringify(block.input) : text
    const partial_json = this.#filters.call(textIn(block.name), given)
    const begun = { ...fieldsOf(this.#filters.whole({ ...block, input: {} })), input: {} }
    const delta = { type: 'input_json_delta', partial_json }
    return [
      { ...start, content_block: begun },
      { type: 'content_block_delta', index, delta },
    ]
  }
}

function textEvent(index: Json, type: string, text: string): Fields {
  return { type: 'content_block_delta', index, delta: { type, [textDeltas[type] ?? 'text']: text } }
}
