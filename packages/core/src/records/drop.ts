import type { Tuple } from '../kernel/keys.ts'
import type { Kind, Recorded } from './kind.ts'
import type { Records } from './records.ts'
import type { Unit } from './unit.ts'

const recordsAtOnce = 50

/** Deletes every record whose tuple begins with this one, some at a time. After an interruption, it can run again. */
export function dropAll<T extends Recorded>(
  records: Records,
  org: string,
  kind: Kind<T>,
  index: string,
  ...tuple: Tuple
): Promise<void> {
  return endAll(records, org, { kind, index, tuple }, (unit, record) => unit.delete(kind, record))
}

/** The same for records that do not end alone. `end` must delete the record, or the walk does not end. */
export async function endAll<T extends Recorded>(
  records: Records,
  org: string,
  { kind, index, tuple }: { readonly kind: Kind<T>; readonly index: string; readonly tuple: Tuple },
  end: (unit: Unit, record: T) => void,
): Promise<void> {
  let ended: number
  do {
    ended = await records.transactIn(org, (unit) => {
      const some = unit.page(kind, index, { tuple, limit: recordsAtOnce })
      for (const record of some) end(unit, record)
      return some.length
    })
  } while (ended > 0)
}
