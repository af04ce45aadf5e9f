import { defineError } from '../kernel/errors.ts'
import { Lru } from '../kernel/lru.ts'
import type { CallOptions } from '../operations/client.ts'

type Input = Readonly<Record<string, unknown>>
type Call = (input: Input, options?: CallOptions) => Promise<unknown>

const remembered = 20_000

/**
 * New items at the front move old items to the next page. If every page has only old items, the end is never reached.
 */
const tooFast = defineError(
  'pages_too_small',
  'conflict',
  'The list grows as fast as its pages are read. Set a larger `limit`.',
)

/** Returns a generator that yields every item of a paginated list once. */
export function eachOf(call: Call, field: string) {
  return async function* (input: Input = {}, options: CallOptions = {}) {
    const seen = new Lru<unknown, true>({ max: remembered })
    let largest = 0
    for (let offset = 0; ; ) {
      const page = (await call({ ...input, offset }, options)) as Record<string, readonly unknown[]>
      const items = page[field] ?? []
      if (items.length === 0) return
      const fresh = items.filter((item) => isNew(item, seen))
      largest = Math.max(largest, items.length)
      if (fresh.length === 0 && items.length < largest) return
      if (fresh.length === 0) throw tooFast()
      yield* fresh
      offset += items.length
    }
  }
}

/** Compares items by id. An item without an id is always new. */
function isNew(item: unknown, seen: Lru<unknown, true>): boolean {
  const id = (item as { readonly id?: unknown } | null)?.id
  if (id === undefined) return true
  if (seen.get(id)) return false
  seen.set(id, true)
  return true
}
