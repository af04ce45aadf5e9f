import { internalError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { nextTurn } from '../kernel/turn.ts'
import type { Kind, Recorded } from './kind.ts'
import type { PageOptions } from './reader.ts'
import type { Reading } from './reading.ts'

/** Yields every record of an index, in its order. For more records than fit into one unit. */
export async function* walk<T extends Recorded>(
  reading: () => Reading,
  kind: Kind<T>,
  index: string,
  range: Omit<PageOptions, 'limit' | 'reverse'> = {},
): AsyncGenerator<T> {
  const { unique, key } = kind.indexes[index] ?? {}
  if (!key) throw internalError()
  let rest: Omit<PageOptions, 'limit'> = range
  for (;;) {
    const page = await reading().page(kind, index, { ...rest, limit: limits.rowsPerTurnMax })
    yield* page
    const last = page[page.length - 1]
    const tuple = last && key(last)
    if (!tuple || page.length < limits.rowsPerTurnMax) return
    await nextTurn()
    rest = { ...range, after: unique ? tuple : [...tuple, last.id] }
  }
}
