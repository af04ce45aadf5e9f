import type { Json } from '../../../kernel/json.ts'
import type { Fields, Filters, StreamRewriter } from './filters.ts'
import { entriesOf, fieldsOf, textIn, without } from './json.ts'

/** Answers of Google's streamGenerateContent. Calls are complete in each, and text is not. */
export class GoogleStream implements StreamRewriter {
  readonly #filters: Filters
  /** The channels with text that may be withheld, of each candidate. */
  readonly #open = new Map<number, Set<string>>()
  #head: Fields = {}

  constructor(filters: Filters) {
    this.#filters = filters
  }

  event(chunk: Fields): Fields[] {
    const { candidates, ...rest } = chunk
    const head = fieldsOf(this.#filters.whole(rest))
    this.#head = without(head, 'usageMetadata')
    if (candidates === undefined) return [head]
    return [{ ...head, candidates: entriesOf(candidates).map((candidate) => this.#candidate(fieldsOf(candidate))) }]
  }

  end(): Fields[] {
    return [...this.#open.keys()].flatMap((index) => {
      const parts = this.#rest(index)
      return parts.length === 0 ? [] : [{ ...this.#head, candidates: [{ index, content: { role: 'model', parts } }] }]
    })
  }

  #candidate(candidate: Fields): Fields {
    // Tokens one by one, in which no value is found.
    const { content, ...rest } = without(candidate, 'logprobsResult')
    const index = typeof candidate.index === 'number' ? candidate.index : 0
    const { parts, ...around } = fieldsOf(content)
    const shown = entriesOf(parts).flatMap((part) => this.#part(index, fieldsOf(part)))
    const isLast = textIn(candidate.finishReason) !== ''
    const all = isLast ? [...shown, ...this.#rest(index)] : shown
    return { ...fieldsOf(this.#filters.whole(rest)), content: { ...around, parts: all } }
  }

  #part(index: number, part: Fields): Json[] {
    const { text, functionCall } = part
    if (typeof text === 'string') {
      const channel = `${index} ${part.thought === true ? 'thought' : 'text'}`
      this.#open.set(index, (this.#open.get(index) ?? new Set()).add(channel))
      const passed = this.#filters.text(channel, text)
      const isShown = passed !== '' || part.thoughtSignature !== undefined
      return isShown ? [{ ...fieldsOf(this.#filters.whole(without(part, 'text'))), text: passed }] : []
    }
    // What was said before a call stays before it.
    const before = this.#rest(index)
    const call = fieldsOf(functionCall)
    if (functionCall === undefined) return [...before, this.#filters.whole(part)]
    const args = JSON.parse(this.#filters.call(textIn(call.name), JSON.stringify(call.args ?? {}))) as Json
    const others = fieldsOf(this.#filters.whole(without(part, 'functionCall')))
    return [...before, { ...others, functionCall: { ...call, args } }]
  }

  #rest(index: number): Json[] {
    const channels = [...(this.#open.get(index) ?? [])]
    this.#open.delete(index)
    return channels.flatMap((channel) => {
      const text = this.#filters.end(channel)
      if (text === '') return []
      const part: Fields = channel.endsWith('thought') ? { text, thought: true } : { text }
      return [part]
    })
  }
}
