import { openKeyring } from '../../crypto/keyring.ts'
import { decodeKey, encodeKey, keysWithin } from '../../kernel/keys.ts'
import type { Crypto } from '../../ports/crypto.ts'
import type { Hsm } from '../../ports/hsm.ts'
import { nobleCrypto, systemRandom } from '../../ports/reference/index.ts'
import { type Storage, StorageUnusable } from '../../ports/storage.ts'
import { blockKind, headId, laneKind, readingFrom } from '../../records/index.ts'
import { checkpointKind } from './checkpoints.ts'
import { listedLanes } from './lane-list.ts'
import { segmentKind } from './segments.ts'
import { trustedKeys } from './signing-keys.ts'
import type { Trail } from './trail.ts'
import { type LaneExpected, type LaneReport, verifyLane } from './verify-lane.ts'

export interface AuditVerifierOptions {
  /** Set up already. Nothing is written to it. */
  readonly storage: Storage
  readonly hsm: Hsm
  readonly crypto?: Crypto
  /** Earlier reports. A lane that no longer holds what one of them says has a problem. */
  readonly expected?: readonly Pick<LaneReport, 'org' | 'lane' | 'events' | 'hash'>[]
}

export interface AuditVerifier {
  /** Every lane of every organisation, one report each. `tell` hears how many events were checked, again and again. */
  lanes(tell?: (events: number) => void): AsyncGenerator<LaneReport>
}

/**
 * Checks a whole audit trail without an engine: on a copy of the store, or after an incident that keeps the engine from
 * starting. It finds lanes by the store's own keys, so an organisation whose records were taken away is found too.
 *
 * @example
 * const verifier = await openAuditVerifier({ storage, hsm })
 * for await (const { lane, problem } of verifier.lanes()) console.log(lane, problem ?? 'whole')
 */
export async function openAuditVerifier(options: AuditVerifierOptions): Promise<AuditVerifier> {
  const { storage, hsm, crypto = nobleCrypto, expected = [] } = options
  const [stored] = await storage.get([{ kind: 'keyring', id: 'main' }])
  if (!stored) throw new StorageUnusable('This storage holds no vault. Check the path.')
  const keyring = await openKeyring(storage, hsm, crypto, systemRandom)
  const reading = readingFrom(storage, keyring)
  const signingKeys = await trustedKeys(crypto, hsm, reading())
  const trailOf = (org: string): Trail => ({ org, reading: () => reading(org) })
  const listed = await listedLanes(crypto, signingKeys, reading())
  return {
    lanes: async function* (tell = () => {}) {
      let checked = 0
      const count = (events: number) => {
        checked += events
        tell(checked)
      }
      if (listed.problem) yield { ...noLane, problem: listed.problem }
      const known = new Map<string, LaneExpected[]>()
      for (const [name, events] of Object.entries(listed.lanes)) known.set(name, [{ events }])
      for (const { org, lane, ...report } of expected) {
        const name = headId(org, lane)
        known.set(name, [...(known.get(name) ?? []), report])
      }
      for (const [org, lane] of await lanesIn(storage)) {
        const name = headId(org, lane)
        const own = known.get(name) ?? []
        known.delete(name)
        yield verifyLane({ crypto, key: keyring.audit(org), signingKeys }, trailOf(org), lane, own, count)
      }
      for (const [name, [lost]] of known) {
        const [org = '', lane = ''] = name.split('.')
        if (lost && lost.events > 0)
          yield { ...noLane, org, lane, problem: `The lane is missing. ${lost.events} events were known.` }
      }
    },
  }
}

const noLane = { org: '-', lane: '-', events: 0, signedEvents: 0, droppedEvents: 0, hash: '' }

/** Organisation and lane of every lane that still has a record. */
async function lanesIn(storage: Storage): Promise<(readonly [org: string, lane: string])[]> {
  const found = new Map<string, readonly [string, string]>()
  const indexes = [
    { kind: blockKind.name, index: 'lane' },
    { kind: checkpointKind.name, index: 'lane' },
    { kind: segmentKind.name, index: 'lane' },
    { kind: laneKind.name, index: 'org' },
  ]
  for (const index of indexes) {
    let { from } = keysWithin([])
    for (;;) {
      const [hit] = await storage.scan({ ...index, from, to: keysWithin([]).to, limit: 1 })
      if (!hit) break
      const [org = '', lane = ''] = decodeKey(hit.key)
      found.set(encodeKey([org, lane]), [org, lane])
      from = keysWithin([org, lane]).to
    }
  }
  return [...found.values()]
}
