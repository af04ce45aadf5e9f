import * as z from 'zod'
import { base64url, fromBase64url, fromUtf8, utf8 } from '../kernel/bytes.ts'
import { invalidField } from '../kernel/errors.ts'
import { isKeyNumber } from '../kernel/keys.ts'
import { AfterCommit } from './after-commit.ts'
import * as fields from './fields.ts'
import { type AnyOperation, CommitThenThrow } from './operation.ts'
import { WaitForNews } from './wait-for-news.ts'

// Pagination. A caller can ask for a part of a list. An operation whose answer is one list supports this without own code.

const itemsMax = 1_000

/** The input fields of a caller who asks for a part of a list. */
export const pageInput = {
  limit: fields.optional(fields.count(itemsMax, 1)).describe('Maximum number of entries. Default: all.'),
  cursor: fields
    .optional(fields.text(1_024, 1).regex(/^[A-Za-z0-9_-]*$/, 'must be the next_cursor of a previous answer'))
    .describe('The next_cursor of the previous answer. Default: the beginning of the list.'),
}

/** Where the rest of a list begins. Missing at the end. */
export const pageOutput = { next_cursor: z.string().optional() }

/** A place in a list, as callers send it back. */
export function cursorText(place: readonly (string | number)[]): string {
  return base64url(utf8(JSON.stringify(place)))
}

/** The place inside a cursor. A caller can invent a cursor, so the parts are unknown values. */
export function placeIn(cursor: string): readonly unknown[] {
  try {
    const place: unknown = JSON.parse(fromUtf8(fromBase64url(cursor) ?? new Uint8Array()))
    return Array.isArray(place) ? place : []
  } catch {
    return []
  }
}

interface Made {
  readonly createdAt: number
  readonly id: string
}

/** The cursor after a record, in a list by creation. */
export function cursorBehind({ createdAt, id }: Made): string {
  return cursorText([createdAt, id])
}

/** The position that a cursor of `cursorBehind` names. */
export function placeBehind(cursor: string): readonly [createdAt: number, id: string] {
  const [createdAt, id] = placeIn(cursor)
  if (isKeyNumber(createdAt) && typeof id === 'string') return [createdAt, id]
  throw invalidField('cursor', 'must be the next_cursor of a previous answer')
}

/**
 * The field with the list of objects, if it is the only field of the answer and the operation is a GET that is not public.
 * Null for other operations, and for an operation with its own pagination.
 */
function listOf({ http, access, input, output }: AnyOperation): string | null {
  if (http?.method !== 'GET' || access === 'public') return null
  const shape = shapeOf(output)
  const [list = null, ...others] = Object.keys(shape).filter((name) => shape[name] instanceof z.ZodArray)
  const isOfThings = list !== null && (shape[list] as z.ZodArray).element instanceof z.ZodObject
  return isOfThings && others.length === 0 && Object.keys(shape).length === 1 && !('limit' in shapeOf(input))
    ? list
    : null
}

/** The operation with `limit` and `cursor`. Without these fields, the answer does not change. */
export function inPages(operation: AnyOperation): AnyOperation {
  const list = listOf(operation)
  const { input, output } = operation
  if (list === null || !(input instanceof z.ZodObject && output instanceof z.ZodObject)) return operation
  return {
    ...operation,
    input: extended(input, pageInput),
    output: extended(output, pageOutput),
    run: (context, { limit, cursor, ...given }) => {
      const answer = operation.run(context, given)
      if (answer instanceof AfterCommit || answer instanceof CommitThenThrow || answer instanceof WaitForNews)
        return answer
      return { ...answer, ...partOf(list, answer[list], limit, cursor) }
    },
  }
}

/** Its name in the contract stays its own. */
function extended(schema: z.ZodObject, more: z.ZodRawShape): z.ZodObject {
  const wider = schema.extend(more)
  const meta = schema.meta()
  return meta ? wider.meta(meta) : wider
}

function shapeOf(schema: object): Readonly<Record<string, unknown>> {
  return schema instanceof z.ZodObject ? schema.shape : {}
}

function partOf(list: string, items: readonly object[], limit: number | undefined, cursor: string | undefined) {
  const from = cursor === undefined ? 0 : startOf(items, placeIn(cursor), limit ?? itemsMax)
  const end = limit === undefined ? items.length : Math.min(items.length, from + limit)
  const last = items[end - 1]
  const hasMore = end < items.length && last !== undefined
  return { [list]: items.slice(from, end), ...(hasMore && { next_cursor: cursorText([end, nameOf(last)]) }) }
}

/** The position after the last item of the page before. If that item is gone, the page repeats some items and skips none. */
function startOf(items: readonly object[], [end, name]: readonly unknown[], limit: number): number {
  const at = items.findIndex((item) => nameOf(item) === name)
  if (at !== -1) return at + 1
  return Math.max(0, Math.min(items.length, Number.isSafeInteger(end) ? Number(end) : 0) - limit)
}

function nameOf(item: object): string {
  const { id, version } = item as { readonly id?: unknown; readonly version?: unknown }
  return [id, version].filter((part) => part !== undefined).join('.')
}
