import type { Engine, Heard } from '../../operations/index.ts'
import { isValueRead, reactTo } from './honeytokens.ts'
import { honeytokenKind } from './records.ts'

// The trail is the memory of the last resort: an engine that is killed between a read and what follows from it, or that did not
// know of a honeytoken yet, leaves the read to the engine that delivers the trail next. Only organisations with a honeytoken pay for it.

/** Since when the oldest honeytoken is there. Null: there is none, so nothing is read. */
export async function listensSince({ records }: Engine, org: string): Promise<number | null> {
  const [oldest] = await records.reading(org).list(honeytokenKind, 'created')
  return oldest ? oldest.createdAt + 1 : null
}

export async function onRead(engine: Engine, heard: Heard): Promise<void> {
  if (isValueRead(heard))
    await reactTo(engine, heard.org, [{ eventId: heard.id, at: heard.at, draft: heard, isFromTrail: true }])
}
