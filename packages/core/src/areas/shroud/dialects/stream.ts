import type { Dialect } from './calls.ts'
import { ChatStream } from './chat-stream.ts'
import type { Filters, StreamRewriter } from './filters.ts'
import { GoogleStream } from './google-stream.ts'
import { MessagesStream } from './messages-stream.ts'
import { ResponsesStream } from './responses-stream.ts'

/** Passes the events of a stream in this dialect through filters. */
export function streamRewriter(dialect: Dialect, filters: Filters, wantsUsage: boolean): StreamRewriter {
  if (dialect === 'chat') return new ChatStream(filters, wantsUsage)
  if (dialect === 'messages') return new MessagesStream(filters)
  return dialect === 'google' ? new GoogleStream(filters) : new ResponsesStream(filters)
}
