import { minute } from '../../kernel/time.ts'
import { type Engine, perEngine, type ScheduledTask } from '../../operations/index.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { kind, type LaneHead } from '../../records/index.ts'
import { placeAt } from './dropped.ts'
import { signLaneList } from './lane-list.ts'
import { isSignedBy, signedBy, signedBytes, trustedKeys } from './signing-keys.ts'
import { allHeads, type Trail, trailOf, walk } from './trail.ts'

// A chain proves that nothing in it was changed, but not that its end was not cut off. So a key that never leaves the HSM
// signs the end of each lane at intervals. An attacker who removes events, or rewrites them with stolen keys of the engine,
// leaves a signature that does not match the lane.

/** A signed statement of the engine: the number of events of a lane, and the MAC of its last block. */
export interface Checkpoint {
  /** `<lane>.<next>` */
  readonly id: string
  readonly lane: string
  readonly next: number
  readonly mac: string
  readonly at: number
  readonly signature: string
}

export const checkpointKind = kind<Checkpoint>('auditCheckpoint', {
  indexes: { lane: { unique: true, key: ({ lane, next }) => [lane, next] } },
  remembered: false,
})

/** Signs the ends of all lanes that grew. */
export const checkpointTask: ScheduledTask = {
  name: 'audit.checkpoint',
  everyMs: 10 * minute,
  atClose: true,
  run: async (engine) => {
    const found: LaneHead[] = []
    let hasGrown = false
    for await (const head of allHeads(engine.records)) {
      found.push(head)
      if (signed(engine).get(head.id) === head.next) continue
      await signEnd(engine, head)
      signed(engine).set(head.id, head.next)
      hasGrown = true
    }
    if (hasGrown) await signLaneList(engine, found)
  },
}

/** How many events of each lane this engine knows to be signed. */
const signed = perEngine(() => new Map<string, number>())

async function signEnd(engine: Engine, { org, lane, next, mac }: LaneHead): Promise<void> {
  const trail = trailOf(engine.records, org)
  const { value: last } = await checkpointsOf(trail, lane, { newestFirst: true }).next()
  if (last?.next === next && last.mac === mac) return
  // The engine does not sign a lane again that lost signed events. The older signature stays the proof of the loss.
  const isWhole = last === undefined || (await macAt(engine, trail, lane, last?.next ?? 0)) === last?.mac
  if (!isWhole) throw new Error(`The audit lane ${lane} lost signed events. Run \`pawl audit verify\`.`)
  const signed = { lane, next, mac, at: engine.records.now() }
  const signature = await signedBy(engine, message(org, signed))
  await engine.records.transactIn(org, (unit) => {
    const id = `${lane}.${next}`
    if (!unit.get(checkpointKind, id)) unit.put(checkpointKind, { id, ...signed, signature })
  })
}

async function macAt({ crypto, hsm, records }: Engine, trail: Trail, lane: string, next: number) {
  const signingKeys = await trustedKeys(crypto, hsm, records.reading())
  return (await placeAt({ crypto, signingKeys }, trail, lane, next))?.mac ?? null
}

/** The checkpoints of a lane; null, as the last, when there is one that does not open. */
export function checkpointsOf(trail: Trail, lane: string, { newestFirst = false } = {}) {
  const range = { tuple: [lane], reverse: newestFirst }
  return walk(trail.reading, checkpointKind, 'lane', range, ({ next }) => [lane, next])
}

/** Whether one of these keys has signed this. */
export function isSigned(crypto: Crypto, keys: readonly Uint8Array[], org: string, checkpoint: Checkpoint): boolean {
  return isSignedBy(crypto, keys, message(org, checkpoint), checkpoint.signature)
}

function message(org: string, { lane, next, mac, at }: Omit<Checkpoint, 'id' | 'signature'>): Uint8Array {
  return signedBytes('audit-checkpoint', org, lane, next, mac, at)
}
