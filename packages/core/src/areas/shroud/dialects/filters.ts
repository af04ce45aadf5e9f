import type { Json } from '../../../kernel/json.ts'

/** What everything in a stream is passed through. Each function throws when the stream must end. */
export interface Filters {
  /** What of the text of this channel may go on now. The rest is withheld. */
  text(channel: string, delta: string): string
  /** What was withheld of it. */
  end(channel: string): string
  /** The arguments of a complete tool call, as JSON. */
  call(tool: string, text: string): string
  /** A complete value, with all texts in it. */
  whole(value: Json): Json
}

/** The fields of an event. */
export type Fields = { readonly [field: string]: Json }

/** Passes the events of one stream through filters. */
export interface StreamRewriter {
  /** The events to write in place of this one. */
  event(data: Fields): Fields[]
  /** What is left when the provider says nothing more. */
  end(): Fields[]
}
