import type { Keyring } from '../crypto/keyring.ts'
import { hex } from '../kernel/bytes.ts'
import { unavailable } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import type { BatchRead, Exclusive, GroupCommit, Storage } from '../ports/storage.ts'
import { cache as newCache } from './cache.ts'
import { codec as newCodec } from './codec.ts'
import { committer as newCommitter, StaleUnit } from './committer.ts'
import type { AnyKind } from './kind.ts'
import { laneKind, lanes as newLanes } from './lane.ts'
import { lines as newLines } from './lines.ts'
import { reader as newReader } from './reader.ts'
import { rebuildIndexes } from './rebuild.ts'
import { newUnit, type Unit } from './unit.ts'

/** The store as areas see it: records, units of work, and time that never runs backwards. */
export interface Records {
  /**
   * Runs `work` in a fresh unit and commits what it staged, again and again until nobody was faster. So `work` may run
   * more than once and does nothing but read, decide and stage.
   */
  transact<T>(work: (unit: Unit) => Promise<T>): Promise<T>
  /** A unit to read with; what it stages is never stored. */
  reading(): Unit
  /** Milliseconds since 1970; never before the latest time that was stored, whatever the clock says. */
  now(): number
  /** Waits for what is on its way to the store. */
  idle(): Promise<void>
}

interface RecordsOptions {
  readonly storage: Storage & Partial<GroupCommit & BatchRead & Exclusive>
  readonly keyring: Keyring
  readonly crypto: Crypto
  readonly random: Random
  readonly clock: Clock
  /** All kinds with an index: one that is new to the store is filled before anything is read from it. */
  readonly kinds?: readonly AnyKind[]
  /** Told when the store failed in a way that leaves open what it holds. */
  onStorageError(error: unknown): void
}

export async function openRecords(options: RecordsOptions): Promise<Records> {
  const { storage, keyring, crypto, random, clock } = options
  const codec = newCodec(keyring)
  const cache = storage.exclusive ? newCache() : null
  const version = versions(random)
  const reader = newReader(storage, codec, cache, version)
  const lane = storage.exclusive ? 'main' : hex(random.bytes(8))
  const lanes = newLanes(storage, codec, keyring, crypto, lane)
  const lines = newLines()

  const heads = await newUnit(reader).list(laneKind, 'org')
  let latest = heads.reduce((time, head) => Math.max(time, head.at), 0)
  const now = () => {
    latest = Math.max(latest, clock.now())
    return latest
  }

  const committer = newCommitter({
    storage,
    lanes,
    now,
    version,
    applied: (writes) => {
      for (const { write, after, before } of writes) {
        if (write.op !== 'check') cache?.changed(write.kind, write.id, after, before)
      }
    },
    lost: (error) => {
      cache?.clear()
      options.onStorageError(error)
    },
  })

  const attempt = async <T>(work: (unit: Unit) => Promise<T>): Promise<T> => {
    const unit = newUnit(reader)
    const result = await work(unit)
    const staged = unit.staged()
    if (staged.writes.length + staged.events.length > 0) await committer.submit(staged)
    return result
  }

  const records: Records = {
    transact: async (work) => {
      let turn = { name: '', leave: () => {} }
      try {
        for (let tries = 0; tries < limits.retryCountMax; tries++) {
          try {
            return await attempt(work)
          } catch (error) {
            if (!(error instanceof StaleUnit)) throw error
            const name = `${error.ref.kind} ${error.ref.id}`
            if (turn.name === name) continue
            turn.leave()
            turn = { name, leave: await lines.enter(name) }
          }
        }
        throw unavailable({ part: 'storage' })
      } finally {
        turn.leave()
      }
    },
    reading: () => newUnit(reader),
    now,
    idle: () => committer.idle(),
  }
  await rebuildIndexes(records, storage, options.kinds ?? [])
  return records
}

/** Version tokens: who wrote, and the how-manieth write that was. */
function versions(random: Random): () => string {
  const engine = hex(random.bytes(8))
  let count = 0
  return () => `${engine}.${(count++).toString(36)}`
}
