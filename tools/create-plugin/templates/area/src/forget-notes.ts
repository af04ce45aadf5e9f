import { day, type Engine, hour, orgIds, type ScheduledTask } from '@pawl/core/area'
import { noteKind } from './notes.ts'

const keptMs = 365 * day
const atOnce = 100

/** Deletes each note a year after it was written. */
export const forgetNotes: ScheduledTask = {
  name: 'notes.forget',
  everyMs: hour,
  run: async (engine) => {
    for await (const org of orgIds(engine)) while ((await forgetIn(engine, org)) === atOnce);
  },
}

/** Deletes up to 100 notes, because a unit has a limited size. */
function forgetIn({ records }: Engine, org: string): Promise<number> {
  return records.transactIn(org, (unit) => {
    const old = unit.page(noteKind, 'age', { to: [records.now() - keptMs], limit: atOnce })
    for (const note of old) unit.delete(noteKind, note)
    return old.length
  })
}
