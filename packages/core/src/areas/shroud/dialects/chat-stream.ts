import type { Json } from '../../../kernel/json.ts'
import type { Fields, Filters, StreamRewriter } from './filters.ts'
import { entriesOf, fieldsOf, textIn, without } from './json.ts'

/** Texts of a delta. Other texts are dropped, because they could hold pieces of a value that Shroud does not join. */
const textFields = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const

interface Call {
  id: string
  name: string
  text: string
}

/** One answer of a stream. */
class Choice {
  readonly index: number
  readonly calls = new Map<number, Call>()
  /** Of the older form, which has one. */
  legacy: Call | null = null
  isOpen = true

  constructor(index: number) {
    this.index = index
  }
}

/** Chunks of chat completions. */
export class ChatStream implements StreamRewriter {
  readonly #filters: Filters
  readonly #wantsUsage: boolean
  readonly #choices = new Map<number, Choice>()
  #head: Fields = {}

  constructor(filters: Filters, wantsUsage: boolean) {
    this.#filters = filters
    this.#wantsUsage = wantsUsage
  }

  event(chunk: Fields): Fields[] {
    const { choices, usage, ...rest } = chunk
    const head = fieldsOf(this.#filters.whole(rest))
    if (entriesOf(choices).length === 0) return this.#withoutChoice(head, choices, usage)
    this.#head = head
    const events = entriesOf(choices).flatMap((choice) => this.#choice(fieldsOf(choice)))
    return this.#wantsUsage && usage !== undefined ? withLast(events, { usage }) : events
  }

  /** A call without an end may be incomplete, so it is dropped. */
  end(): Fields[] {
    return [...this.#choices.values()].flatMap((choice) => this.#close(choice, false))
  }

  #withoutChoice(head: Fields, choices: Json | undefined, usage: Json | undefined): Fields[] {
    if (usage === undefined || usage === null) return [choices === undefined ? head : { ...head, choices }]
    return this.#wantsUsage ? [{ ...head, choices: [], usage }] : []
  }

  #choice({ index: given, delta: givenDelta, finish_reason = null }: Fields): Fields[] {
    const index = typeof given === 'number' ? given : 0
    const choice = this.#choices.get(index) ?? new Choice(index)
    this.#choices.set(index, choice)
    const delta = fieldsOf(givenDelta)
    collect(choice, delta)
    const shown = this.#delta(choice, delta)
    const events = Object.keys(shown).length > 0 ? [this.#chunk(choice, shown)] : []
    if (finish_reason === null) return events
    return [...events, ...this.#close(choice), this.#chunk(choice, {}, textIn(finish_reason))]
  }

  /** What of a delta can be shown now. */
  #delta({ index }: Choice, delta: Fields): Fields {
    const shown: { [field: string]: Json } = {}
    if (typeof delta.role === 'string') shown.role = delta.role
    for (const field of textFields) {
      const text = delta[field]
      if (typeof text !== 'string') continue
      const passed = this.#filters.text(`${index} ${field}`, text)
      // An empty text that came as such begins an answer.
      if (passed !== '' || text === '') shown[field] = passed
    }
    return shown
  }

  /** The rest of the texts, and then the calls, each complete. */
  #close(choice: Choice, isComplete = true): Fields[] {
    if (!choice.isOpen) return []
    choice.isOpen = false
    const events: Fields[] = []
    for (const field of textFields) {
      const rest = this.#filters.end(`${choice.index} ${field}`)
      if (rest !== '') events.push(this.#chunk(choice, { [field]: rest }))
    }
    return isComplete ? [...events, ...this.#calls(choice)] : events
  }

  #calls(choice: Choice): Fields[] {
    const events: Fields[] = []
    for (const [index, { id, name, text }] of choice.calls) {
      const called = { name, arguments: this.#filters.call(name, text) }
      events.push(this.#chunk(choice, { tool_calls: [{ index, id, type: 'function', function: called }] }))
    }
    if (choice.legacy) {
      const { name, text } = choice.legacy
      events.push(this.#chunk(choice, { function_call: { name, arguments: this.#filters.call(name, text) } }))
    }
    return events
  }

  #chunk({ index }: Choice, delta: Fields, finish_reason: string | null = null): Fields {
    return { ...this.#head, choices: [{ index, delta, finish_reason }] }
  }
}

function collect(choice: Choice, delta: Fields): void {
  for (const given of entriesOf(delta.tool_calls)) {
    const { index, id, function: called } = fieldsOf(given)
    const place = typeof index === 'number' ? index : choice.calls.size
    const call = choice.calls.get(place) ?? { id: '', name: '', text: '' }
    choice.calls.set(place, added(call, fieldsOf(called), id))
  }
  const legacy = fieldsOf(delta.function_call)
  if (Object.keys(legacy).length > 0) choice.legacy = added(choice.legacy ?? { id: '', name: '', text: '' }, legacy)
}

function added(call: Call, called: Fields, id: Json = ''): Call {
  call.id ||= textIn(id)
  call.name += textIn(called.name)
  call.text += textIn(called.arguments)
  return call
}

function withLast(events: Fields[], fields: Fields): Fields[] {
  return events.map((event, at) => (at === events.length - 1 ? { ...without(event, 'usage'), ...fields } : event))
}
