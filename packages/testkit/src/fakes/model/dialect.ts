import type { ModelEnd, ModelPart, ModelRequest } from '@pawl/core/ports'

/** The format of requests and answers of a provider. */
export interface Dialect {
  /** Throws when the body is no request. */
  parse(body: Body, path: string): { readonly request: ModelRequest; readonly isStreamed: boolean }
  whole(parts: readonly ModelPart[], request: ModelRequest): object
  /** Frames of server-sent events. */
  stream(parts: AsyncIterable<ModelPart>, request: ModelRequest): AsyncGenerator<string>
  error(type: string, message: string): object
}

/** Unvalidated JSON. */
// biome-ignore lint/suspicious/noExplicitAny: what does not fit throws, and is answered as no request
export type Body = any

/** An answer of which all has come. */
export function collect(parts: readonly ModelPart[]) {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const calls = parts.filter((part) => part.type === 'tool_call')
  const end = parts.find((part): part is ModelEnd => part.type === 'end')
  if (!end) throw new TypeError('an answer has an end')
  return { text, calls, end }
}

/** A message may be a text or a list of blocks. */
export function blocksOf(content: Body): Body[] {
  if (content === null || content === undefined) return []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : [...content]
}

/** The text of a block, or of all there are. */
export function textOf(content: Body): string {
  return blocksOf(content)
    .map((block) => String(block.text ?? ''))
    .join('')
}
