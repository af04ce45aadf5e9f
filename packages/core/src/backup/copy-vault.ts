import { openKeyring } from '../crypto/keyring.ts'
import { keyringRef, type Unfinished } from '../crypto/unfinished.ts'
import { type KeyStoresGiven, keyStoresOf } from '../engine/key-stores.ts'
import { hex } from '../kernel/bytes.ts'
import type { KeyStores } from '../operations/index.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import { nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import { type Kept, type Snapshot, type Storage, StorageUnusable } from '../ports/storage.ts'
import type { Backup } from './backup.ts'
import { type Checked, type CopyChecked, checkCopy } from './check-copy.ts'
import { BackupUnusable, CopyDiffers } from './errors.ts'
import { beginFilling, dropOutdated, fill, finishFilling, hasBegun, type Target, withoutKeyring } from './fill.ts'
import { freezesOf } from './freeze-signing.ts'
import { RecordSum } from './record-sum.ts'

/** Reports the progress of a copy. */
export type Progress = (doing: 'copy' | 'check', records: number) => void

interface CopyOptions {
  /** The HSM of the vault. Its keys are not copied. */
  readonly hsm: Hsm
  /** The key stores of organisations, by name. A missing one is a finding, because its vaults stay sealed without it. */
  readonly keyStores?: KeyStoresGiven
  readonly crypto?: Crypto
  readonly progress?: Progress
}

export interface RestoreOptions extends CopyOptions {
  readonly backup: Backup
  /** A storage after `setup`, empty or partly filled by the same backup. */
  readonly storage: Target
}

export interface MigrateOptions extends CopyOptions {
  /** A storage after `setup` that no engine uses. It is only read. */
  readonly from: Storage & Snapshot
  /** A storage after `setup`, empty or partly filled from the same vault. */
  readonly to: Target
}

export interface Restored extends Checked {
  /** Number of organisations whose signing is frozen. */
  readonly frozen: number
}

/**
 * Restores a backup into an empty storage. Engines can open the vault only after all records were read again and
 * compared. If it is interrupted, run it again to continue. Freezes every organisation with agents or wallets that sign
 * transactions, because the backup does not contain later signatures.
 *
 * @example
 * const { findings } = await restore({ backup: await readBackup(file), storage, hsm })
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { backup, storage, hsm, keyStores, crypto = nobleCrypto, progress = () => {} } = options
  const filling = { target: storage, marker: restoreOf(backup), crypto, progress }
  const { keyring, sum } = await fillFrom(backup.records(hsm), { ...filling, resume: async () => {} })
  if (!keyring) throw new BackupUnusable('This backup holds no vault.')
  const copy = { target: storage, keyring, expected: sum, hsm, keyStores: keyStoresOf(keyStores), crypto, progress }
  const { checked, whole, ring, signers } = await check(copy)
  const { writes, failed } = await freezesOf(whole, { ring, crypto, orgs: signers, backupAt: backup.createdAt })
  await finishFilling(storage, keyring, writes)
  const findings = [...checked.findings, ...failed.map(notFrozen)]
  return { ...checked, findings, frozen: signers.size - failed.length }
}

function notFrozen(org: string): string {
  return `Signing is not frozen in the organisation ${org}, because a record is damaged. Run pawl org freeze before agents call the vault.`
}

/** Throws if the backup cannot be restored to this storage. Writes nothing. */
export async function checkRestorable(storage: Target, backup: Backup): Promise<void> {
  await hasBegun(storage, restoreOf(backup))
}

function restoreOf({ id }: Backup): Unfinished {
  return { unfinished: 'restore', from: id }
}

/**
 * Copies a vault from one storage to another. Engines can open the copy only after both were read again and compared.
 * If it is interrupted, run it again to continue, even if the source has changed.
 *
 * @example
 * await migrate({ from: sqlite({ path }), to: postgres({ url }), hsm })
 */
export async function migrate(options: MigrateOptions): Promise<Checked> {
  const { from, to, hsm, keyStores, crypto = nobleCrypto, progress = () => {} } = options
  const [stored] = await from.get([keyringRef])
  if (!stored) throw new StorageUnusable('The source holds no vault. Check the path.')
  await openKeyring(from, hsm, crypto, systemRandom)
  const marker = { unfinished: 'migrate', from: hex(crypto.sha256(stored.body)) } as const
  const filling = { target: to, marker, crypto, progress, resume: () => dropOutdated(to, from) }
  const { keyring, sum } = await fillFrom(recordsOf(from), filling)
  if (!keyring || !sum.equals(await sumOf(from, crypto))) {
    throw new CopyDiffers('The source changed during the copy. Stop every Pawl that uses it, and run this again.')
  }
  const copy = { target: to, keyring, expected: sum, hsm, keyStores: keyStoresOf(keyStores), crypto, progress }
  const { checked } = await check(copy)
  await finishFilling(to, keyring)
  return checked
}

interface Filling {
  readonly target: Target
  readonly marker: Unfinished
  readonly crypto: Crypto
  readonly progress: Progress
  /** Runs first if an earlier run left records. */
  resume(): Promise<void>
}

async function fillFrom(records: AsyncIterable<Kept>, { target, marker, crypto, progress, resume }: Filling) {
  let keyring: Kept | null = null
  const sum = new RecordSum(crypto)
  let isResumed: boolean | null = null
  const begin = async () => {
    const hadBegun = await beginFilling(target, marker)
    if (hadBegun) await resume()
    return hadBegun
  }
  const chunks = withoutKeyring(records, (found) => {
    keyring = found
  })
  for await (const chunk of chunks) {
    // Only after a first read of the source has succeeded.
    isResumed ??= await begin()
    await fill(target, chunk, isResumed)
    for (const record of chunk) sum.add(record)
    progress('copy', sum.count)
  }
  if (isResumed === null) await begin()
  return { keyring: keyring as Kept | null, sum }
}

interface Copy {
  readonly target: Target
  readonly keyring: Kept
  readonly expected: RecordSum
  readonly hsm: Hsm
  readonly keyStores: KeyStores
  readonly crypto: Crypto
  readonly progress: Progress
}

function check({ progress, ...options }: Copy): Promise<CopyChecked> {
  return checkCopy({ ...options, progress: (records) => progress('check', records) })
}

async function sumOf(storage: Snapshot, crypto: Crypto): Promise<RecordSum> {
  const sum = new RecordSum(crypto)
  const chunks = withoutKeyring(recordsOf(storage), () => {})
  for await (const chunk of chunks) for (const record of chunk) sum.add(record)
  return sum
}

async function* recordsOf(storage: Snapshot): AsyncGenerator<Kept> {
  for await (const chunk of storage.snapshot()) yield* chunk
}
