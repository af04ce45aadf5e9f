// Server-sent events, as the providers write them.

export interface SseEvent {
  /** Null: the event has no name. */
  readonly name: string | null
  readonly data: string
}

/** An event that is longer is no event of a model. */
const eventCharactersMax = 8 * 1024 * 1024

/** Reads events out of text that is cut anywhere. */
export class SseReader {
  #rest = ''

  /** Throws if an event is too long. */
  push(text: string): SseEvent[] {
    // A line can end with either or both, and the second may still come.
    const all = this.#rest + text
    const isCut = all.endsWith('\r')
    const lines = (isCut ? all.slice(0, -1) : all).replace(/\r\n?/g, '\n')
    const blocks = lines.split('\n\n')
    this.#rest = (blocks.pop() ?? '') + (isCut ? '\r' : '')
    if (this.#rest.length > eventCharactersMax) throw new RangeError('an event is too long')
    return blocks.flatMap(eventIn)
  }

  /** The event that nothing ended. */
  end(): SseEvent[] {
    const rest = this.#rest
    this.#rest = ''
    return eventIn(rest.replace(/\r\n?/g, '\n'))
  }
}

/** Parses a block of lines. It drops comments and unknown fields, because no detector inspects them. */
function eventIn(block: string): SseEvent[] {
  let name: string | null = null
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|data):? ?(.*)$/s.exec(line) ?? []
    if (field === 'event') name = value
    if (field === 'data') data.push(value)
  }
  return data.length === 0 ? [] : [{ name, data: data.join('\n') }]
}

export function sseText({ name, data }: SseEvent): string {
  const head = name === null ? '' : `event: ${name}\n`
  return `${head}${data
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`
}
