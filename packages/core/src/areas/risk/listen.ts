import type { Engine, Heard } from '../../operations/index.ts'
import { isValueRead, reactTo } from './honeytokens.ts'
import { honeytokenKind } from './records.ts'

// The trail is the last resort. An engine can be killed between a read and the reaction to it, or not know of a honeytoken yet.
// Then the engine that delivers the trail next reacts to the read. Only organisations with a honeytoken have this cost.

/** The time since which the oldest honeytoken exists. Null: there is none, so the engine reads no trail. */
export async function listensSince({ records }: Engine, org: string): Promise<number | null> {
  const [oldest] = await records.reading(org).list(honeytokenKind, 'created')
  return oldest ? oldest.createdAt + 1 : null
}

export async function onRead(engine: Engine, heard: Heard): Promise<void> {
  if (isValueRead(heard))
    await reactTo(engine, heard.org, [{ eventId: heard.id, at: heard.at, draft: heard, isFromTrail: true }])
}
