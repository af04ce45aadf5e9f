import { agentKind } from '../areas/agents/index.ts'
import { freezeRestored } from '../areas/guardrails/index.ts'
import { secretKind } from '../areas/secrets/index.ts'
import { isKeyPath, signingKeyKind } from '../areas/signers/index.ts'
import { walletKind } from '../areas/wallets/index.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Crypto } from '../ports/crypto.ts'
import { systemClock, systemRandom } from '../ports/reference/index.ts'
import type { Kept, Storage, Write } from '../ports/storage.ts'
import { type Codec, TamperedRecord } from '../records/codec.ts'
import { openRecords, type Unit } from '../records/index.ts'

/**
 * Whether the record is a wallet, a key that agents sign with, or an agent that can sign transactions. A key counts without such an
 * agent: an agent that gets intents after the restore would sign with the budgets of the past.
 */
export function isSigner(open: Codec['open'], org: string, kept: Kept): boolean {
  if (kept.kind === walletKind.name || kept.kind === signingKeyKind.name) return true
  if (kept.kind === secretKind.name) return isKeyPath(open(secretKind, org, kept).value.path)
  return kept.kind === agentKind.name && open(agentKind, org, kept).value.intentsApiEnabled
}

interface Freezing {
  readonly ring: Keyring
  readonly crypto: Crypto
  readonly orgs: Iterable<string>
  readonly backupAt: number
}

export interface Freezes {
  readonly writes: readonly Write[]
  /** The organisations that a damaged record leaves without a freeze. */
  readonly failed: readonly string[]
}

/**
 * Returns the writes that freeze organisations, with their audit events. The caller writes them in the commit that completes the
 * vault. So a restored vault is never without them, and an interrupted restore leaves none behind.
 */
export async function freezesOf(storage: Storage, { ring, crypto, orgs, backupAt }: Freezing): Promise<Freezes> {
  const [writes, failed]: [Write[], string[]] = [[], []]
  const records = await unlessDamaged(() => openRecords(staging(storage, ring, crypto, writes)))
  if (!records) return { writes, failed: [...orgs] }
  for (const org of orgs) {
    const freeze = (unit: Unit) => freezeRestored({ unit, now: records.now() }, { org, backupAt })
    const isFrozen = await unlessDamaged(() => records.transactIn(org, freeze).then(() => true))
    if (!isFrozen) failed.push(org)
  }
  return { writes, failed }
}

async function unlessDamaged<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TamperedRecord) return null
    throw error
  }
}

/** Commits go to the list, and not to the storage. */
function staging(storage: Storage, keyring: Keyring, crypto: Crypto, writes: Write[]) {
  const listed: Storage = {
    setup: () => storage.setup(),
    get: (refs) => storage.get(refs),
    scan: (range) => storage.scan(range),
    commit: async (some) => void writes.push(...some),
    close: async () => {},
  }
  const silent = { onStorageError: () => {}, onClockBehind: () => {} }
  return { storage: listed, keyring, crypto, random: systemRandom, clock: systemClock, ...silent }
}
