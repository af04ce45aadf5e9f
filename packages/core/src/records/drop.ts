import type { Tuple } from '../kernel/keys.ts'
import type { Kind, Recorded } from './kind.ts'
import type { Records } from './records.ts'

const recordsAtOnce = 50

/** Deletes every record whose tuple begins with this one, some at a time. After an interruption, it can run again. */
export async function dropAll<T extends Recorded>(
  records: Records,
  org: string,
  kind: Kind<T>,
  index: string,
  ...tuple: Tuple
): Promise<void> {
  let dropped: number
  do {
    dropped = await records.transactIn(org, (unit) => {
      const some = unit.page(kind, index, { tuple, limit: recordsAtOnce })
      for (const record of some) unit.delete(kind, record)
      return some.length
    })
  } while (dropped > 0)
}
