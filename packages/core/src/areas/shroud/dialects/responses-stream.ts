import type { Json } from '../../../kernel/json.ts'
import type { Fields, Filters, StreamRewriter } from './filters.ts'
import { fieldsOf, textIn } from './json.ts'

/** Families of events whose deltas are text. */
const textEvent = /^(response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text))\.(delta|done)$/
/** Items whose text streams. All others are withheld until they are complete. */
const spoken = new Set(['message', 'reasoning'])

/** Events of OpenAI's responses. */
export class ResponsesStream implements StreamRewriter {
  readonly #filters: Filters
  /** What was withheld of the items that are not complete. */
  readonly #withheld = new Map<Json, Fields[]>()
  readonly #said = new Map<string, string>()
  #sequence = 0

  constructor(filters: Filters) {
    this.#filters = filters
  }

  event(event: Fields): Fields[] {
    return this.#events(event).map((one) => this.#numbered(one))
  }

  /** A text without an end event has no event that could hold its rest. */
  end(): Fields[] {
    return []
  }

  #events(event: Fields): Fields[] {
    const [, family, step] = textEvent.exec(textIn(event.type)) ?? []
    if (family !== undefined) return step === 'delta' ? this.#delta(event) : this.#done(event, family)
    const place = event.output_index ?? null
    if (event.type === 'response.output_item.added' && !spoken.has(textIn(fieldsOf(event.item).type))) {
      this.#withheld.set(place, [event])
      return []
    }
    const before = this.#withheld.get(place)
    if (!before) return [fieldsOf(this.#filters.whole(event))]
    if (event.type !== 'response.output_item.done') {
      before.push(event)
      return []
    }
    this.#withheld.delete(place)
    return this.#complete(before, event)
  }

  #delta(event: Fields): Fields[] {
    const channel = channelOf(event)
    const delta = this.#filters.text(channel, textIn(event.delta))
    return this.#says(channel, event, delta)
  }

  #done(event: Fields, family: string): Fields[] {
    const channel = channelOf(event)
    const { text: _, refusal: __, type: ___, ...place } = event
    const rest = this.#says(channel, { ...place, type: `${family}.delta` }, this.#filters.end(channel))
    const text = this.#said.get(channel) ?? ''
    return [...rest, { ...event, [event.refusal === undefined ? 'text' : 'refusal']: text }]
  }

  #says(channel: string, event: Fields, delta: string): Fields[] {
    if (delta === '') return []
    this.#said.set(channel, (this.#said.get(channel) ?? '') + delta)
    // Tokens one by one, in which no value is found.
    const { logprobs: _, ...place } = event
    return [{ ...place, delta, ...(event.logprobs === undefined ? {} : { logprobs: [] }) }]
  }

  /** A complete item, judged as a whole. Its deltas become one. */
  #complete(before: readonly Fields[], event: Fields): Fields[] {
    const item = fieldsOf(this.#filters.whole(event.item ?? null))
    const shown: Fields[] = []
    for (const one of before) {
      const type = textIn(one.type)
      if (type.endsWith('.delta')) continue
      if (type === 'response.function_call_arguments.done') {
        const { arguments: _, ...place } = one
        const text = textIn(item.arguments)
        const { name: __, ...delta } = place
        shown.push({ ...delta, type: 'response.function_call_arguments.delta', delta: text })
        shown.push({ ...place, arguments: text })
      } else if (!/arguments|input|code/.test(type)) shown.push(fieldsOf(this.#filters.whole(one)))
    }
    return [...shown, { ...event, item }]
  }

  /** There may be more or fewer events than the provider has counted. */
  #numbered(event: Fields): Fields {
    return event.sequence_number === undefined ? event : { ...event, sequence_number: this.#sequence++ }
  }
}

function channelOf({ type, output_index = 0, content_index = 0, summary_index = 0 }: Fields): string {
  return `${textIn(type).replace(/\.(?:delta|done)$/, '')} ${output_index} ${content_index} ${summary_index}`
}
