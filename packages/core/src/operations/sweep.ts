import { hour } from '../kernel/time.ts'
import type { Kind, Recorded, Unit } from '../records/index.ts'
import type { ScheduledTask } from './engine.ts'

const sweptAtOnce = 20

/** A task that deletes the records whose time is over. The kind has an index `ends`. */
export function sweepTask<T extends Recorded>(name: string, kind: Kind<T>): ScheduledTask {
  return {
    name,
    everyMs: hour,
    run: async ({ records }) => {
      const sweep = (unit: Unit) => {
        const ended = unit.page(kind, 'ends', { to: [records.now()], limit: sweptAtOnce })
        for (const record of ended) unit.delete(kind, record)
        return ended.length
      }
      while ((await records.transact(sweep)) === sweptAtOnce);
    },
  }
}
