import { wipe } from '../../kernel/bytes.ts'
import type { Seal, SealStatus } from '../../operations/index.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type Hsm, HsmError, type Sealable } from '../../ports/hsm.ts'
import type { Storage } from '../../ports/storage.ts'
import { Collector } from './collector.ts'
import { shareRefused } from './errors.ts'
import { keepShareSets, shareSets } from './share-sets.ts'

export interface SealOptions {
  readonly storage: Storage
  readonly hsm: Hsm
  readonly crypto: Crypto
  readonly clock: Clock
  isOpen(): boolean
  /** Opens the vault after its keys were unsealed. */
  opened(by: Unsealed): Promise<void>
}

/** The shares that opened the vault. */
export interface Unsealed {
  readonly set: string
  readonly indexes: readonly number[]
  readonly ip: string | null
}

/** Creates the seal of a vault, for callers without a credential. */
export function newSeal(options: SealOptions): Seal & { forget(): void } {
  const entered = new Collector(options.crypto)
  let turn: Promise<unknown> = Promise.resolve()
  const status = () => statusOf(options, entered)
  return {
    status,
    offer: (share, ip) => {
      // One call at a time, so that a share that arrives while the vault opens finds it open.
      const answer = turn.then(async () => {
        if (!options.isOpen()) await take(options, entered, share.reveal(), ip)
        return status()
      })
      turn = answer.catch(() => {})
      return answer
    },
    forget: () => entered.wipe(),
  }
}

export function isSealable(hsm: Hsm): hsm is Hsm & Sealable {
  return 'seal' in hsm && 'unseal' in hsm
}

async function statusOf({ storage, clock, isOpen }: SealOptions, entered: Collector): Promise<SealStatus> {
  const [set] = await shareSets(storage)
  const isSealed = !isOpen()
  return {
    sealed: isSealed,
    threshold: set?.threshold ?? null,
    shares: set?.shares ?? null,
    progress: isSealed ? entered.progress(clock.now()) : 0,
  }
}

async function take(options: SealOptions, entered: Collector, text: string, ip: string | null): Promise<void> {
  const { storage, hsm, clock } = options
  const sets = isSealable(hsm) ? await shareSets(storage) : []
  const { set, indexes, root } = entered.offer(text, sets, clock.now())
  if (!root || !isSealable(hsm)) return
  try {
    await hsm.unseal(root)
  } catch (error) {
    throw error instanceof HsmError && error.failure === 'not_authentic' ? shareRefused({ reason: 'not_these' }) : error
  } finally {
    wipe(root)
  }
  entered.wipe()
  // Removes a set that an interrupted change of the shares left behind.
  if (sets.length > 1) await keepShareSets(storage, [set])
  await options.opened({ set: set.id, indexes, ip })
}
