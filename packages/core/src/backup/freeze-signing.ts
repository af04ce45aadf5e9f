import { agentKind } from '../areas/agents/index.ts'
import { freezeRestored } from '../areas/guardrails/index.ts'
import { walletKind } from '../areas/wallets/index.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Crypto } from '../ports/crypto.ts'
import { systemClock, systemRandom } from '../ports/reference/index.ts'
import type { Kept, Storage, Write } from '../ports/storage.ts'
import { codec, TamperedRecord } from '../records/codec.ts'
import { openRecords } from '../records/index.ts'

/** Whether the record is a wallet or an agent that can sign transactions. */
export function isSigner(ring: Keyring, org: string, kept: Kept): boolean {
  if (kept.kind === walletKind.name) return true
  return kept.kind === agentKind.name && codec(ring).open(agentKind, org, kept).value.intentsApiEnabled
}

interface Freezing {
  readonly ring: Keyring
  readonly crypto: Crypto
  readonly orgs: Iterable<string>
  readonly backupAt: number
}

/**
 * Returns the writes that freeze organisations, with their audit events. The caller writes them in the commit that completes the
 * vault. So a restored vault is never without them, and an interrupted restore leaves none behind. Null: a record that the writes
 * depend on is damaged.
 */
export async function freezesOf(storage: Storage, freezing: Freezing): Promise<readonly Write[] | null> {
  try {
    return await staged(storage, freezing)
  } catch (error) {
    if (error instanceof TamperedRecord) return null
    throw error
  }
}

async function staged(storage: Storage, { ring, crypto, orgs, backupAt }: Freezing): Promise<readonly Write[]> {
  const writes: Write[] = []
  const staging: Storage = {
    setup: () => storage.setup(),
    get: (refs) => storage.get(refs),
    scan: (range) => storage.scan(range),
    commit: async (some) => void writes.push(...some),
    close: async () => {},
  }
  const silent = { onStorageError: () => {}, onClockBehind: () => {} }
  const parts = { storage: staging, keyring: ring, crypto, random: systemRandom, clock: systemClock }
  const records = await openRecords({ ...parts, ...silent })
  for (const org of orgs) {
    await records.transactIn(org, (unit) => freezeRestored({ unit, now: records.now() }, { org, backupAt }))
  }
  return writes
}
