import { defineError } from '../kernel/errors.ts'
import { Lru } from '../kernel/lru.ts'
import type { CallOptions } from '../operations/client.ts'

type Input = Readonly<Record<string, unknown>>
type Call = (input: Input, options?: CallOptions) => Promise<unknown>
type Page = Readonly<Record<string, unknown>>

/** The list in an answer, and how its next part is asked for. */
export interface PagedBy {
  readonly list: string
  readonly by: 'offset' | 'cursor'
}

const remembered = 20_000
/** Of a list that has all its items in one answer where the caller does not say how many. */
const usualLimit = 500

/**
 * New items at the front move old items to the next page. If every page has only old items, the end is never reached.
 */
const tooFast = defineError(
  'pages_too_small',
  'conflict',
  'The list grows as fast as its pages are read. Set a larger `limit`.',
)

/** Returns a generator that yields every item of a paginated list once. */
export function eachOf(call: Call, { list, by }: PagedBy) {
  const pages = by === 'cursor' ? pagesByCursor(call) : pagesByOffset(call, list)
  return async function* (input: Input = {}, options: CallOptions = {}) {
    const seen = new Lru<unknown, true>({ max: remembered })
    let largest = 0
    for await (const page of pages(input, options)) {
      const items = itemsOf(page, list)
      const fresh = items.filter((item) => isNew(item, seen))
      largest = Math.max(largest, items.length)
      if (by === 'offset' && fresh.length === 0 && items.length < largest) return
      if (by === 'offset' && fresh.length === 0) throw tooFast()
      yield* fresh
    }
  }
}

function pagesByCursor(call: Call) {
  return async function* (input: Input, options: CallOptions) {
    for (let cursor: unknown; ; ) {
      const page = (await call({ limit: usualLimit, ...input, cursor }, options)) as Page
      yield page
      cursor = page.next_cursor
      if (cursor === undefined) return
    }
  }
}

function pagesByOffset(call: Call, list: string) {
  return async function* (input: Input, options: CallOptions) {
    for (let offset = 0; ; ) {
      const page = (await call({ ...input, offset }, options)) as Page
      const items = itemsOf(page, list)
      if (items.length === 0) return
      yield page
      offset += items.length
    }
  }
}

function itemsOf(page: Page, list: string): readonly unknown[] {
  return (page[list] ?? []) as readonly unknown[]
}

/** Compares items by id, and versions of one thing by their number. An item without an id is always new. */
function isNew(item: unknown, seen: Lru<unknown, true>): boolean {
  const { id, version } = (item ?? {}) as { readonly id?: unknown; readonly version?: unknown }
  if (id === undefined) return true
  const name = `${id} ${version ?? ''}`
  if (seen.get(name)) return false
  seen.set(name, true)
  return true
}
