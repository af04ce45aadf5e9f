import type { Engine } from '../../operations/index.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { kind, type LaneHead, type Reading } from '../../records/index.ts'
import { auditKeysKind, isSignedBy, signedBy, signedBytes } from './signing-keys.ts'

// Checkpoints prove what a lane held, as long as one of them is left. So a key of the HSM also signs a list of all lanes, with
// the number of events in each. A lane that was taken away, checkpoints and all, is missing from the store and not from the list.

/** The lanes of all organisations. */
interface LaneList {
  readonly id: 'main'
  /** The number of events in each lane, by `<organisation>.<lane>`. */
  readonly lanes: Readonly<Record<string, number>>
  readonly at: number
  readonly signature: string
}

export const laneListKind = kind<LaneList>('auditLanes', { scope: 'global' })

/** Signs the list anew when a lane grew. One that lost events is not written over: the older list stays the proof. */
export async function signLaneList(engine: Engine, heads: readonly LaneHead[]): Promise<void> {
  const lanes = Object.fromEntries(heads.map(({ id, next }) => [id, next]))
  const before = await engine.records.reading().get(laneListKind, 'main')
  if (before && !isNewer(lanes, before.lanes)) return
  const at = engine.records.now()
  const signature = await signedBy(engine, message(lanes, at))
  await engine.records.transact((unit) => {
    const known = unit.get(laneListKind, 'main')
    if (known && !isNewer(lanes, known.lanes)) return
    unit.put(laneListKind, { id: 'main', lanes, at, signature })
    const keys = unit.get(auditKeysKind, 'main')
    if (keys && !keys.listsLanes) unit.put(auditKeysKind, { ...keys, listsLanes: true })
  })
}

function isNewer(lanes: LaneList['lanes'], before: LaneList['lanes']): boolean {
  const isWhole = Object.entries(before).every(([id, count]) => (lanes[id] ?? 0) >= count)
  return isWhole && Object.entries(lanes).some(([id, count]) => count > (before[id] ?? 0))
}

export interface ListedLanes {
  /** The number of events that each lane must have at least. */
  readonly lanes: LaneList['lanes']
  readonly problem: string | null
}

/** The signed list. A problem if the list is missing although it should exist, or if it is not signed. */
export async function listedLanes(crypto: Crypto, keys: readonly Uint8Array[], reading: Reading): Promise<ListedLanes> {
  // Read first, because an engine can store the list meanwhile.
  const isExpected = (await reading.get(auditKeysKind, 'main'))?.listsLanes === true
  const list = await reading.get(laneListKind, 'main')
  if (!list) {
    return { lanes: {}, problem: isExpected ? 'The signed list of lanes is missing.' : null }
  }
  const isSigned = isSignedBy(crypto, keys, message(list.lanes, list.at), list.signature)
  return { lanes: list.lanes, problem: isSigned ? null : 'The list of lanes is not signed.' }
}

function message(lanes: LaneList['lanes'], at: number): Uint8Array {
  const entries = Object.entries(lanes).sort(([one], [other]) => (one < other ? -1 : 1))
  return signedBytes('audit-lanes', JSON.stringify(entries), at)
}
