import { openKeyring } from '../crypto/keyring.ts'
import { keyringRef } from '../crypto/unfinished.ts'
import { concat, hex, utf8, wipe } from '../kernel/bytes.ts'
import type { Clock } from '../ports/clock.ts'
import type { Crypto } from '../ports/crypto.ts'
import { type Hsm, HsmError, type Portable } from '../ports/hsm.ts'
import type { Random } from '../ports/random.ts'
import { nobleCrypto, systemClock, systemRandom } from '../ports/reference/index.ts'
import { type Kept, type Snapshot, type Storage, StorageUnusable } from '../ports/storage.ts'
import { byteSource } from './byte-source.ts'
import { BackupUnusable } from './errors.ts'
import { decodeHeader, encodeHeader, type Header, openChunks, sealChunks, streamKey } from './format.ts'
import { decodeRecords, encodeEnd, encodeRecord } from './items.ts'

export interface BackupOptions {
  /** An open storage. An engine can use it at the same time. */
  readonly storage: Storage & Snapshot
  readonly hsm: Hsm & Partial<Portable>
  readonly crypto?: Crypto
  readonly random?: Random
  readonly clock?: Clock
}

export interface BackupStream {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Number of records that were written so far. */
  readonly records: number
}

/** The key that wraps backup keys. It never changes, so that an HSM can open all its older backups. */
const backupKeyUri = 'pawl:backup'
const bound = utf8('pawl/1/backup')

/**
 * Streams a backup of a whole vault from one moment. Memory use does not depend on the size of the vault. Do not
 * destroy HSM keys before the first bytes arrive, because they could be missing in the backup.
 *
 * @example
 * for await (const bytes of backUp({ storage, hsm }).bytes) await file.write(bytes)
 */
export function backUp(options: BackupOptions): BackupStream {
  const counted = { records: 0 }
  const bytes = streamOf(options, counted)
  return {
    bytes,
    get records() {
      return counted.records
    },
  }
}

async function* streamOf(options: BackupOptions, counted: { records: number }): AsyncGenerator<Uint8Array> {
  const { storage, hsm, crypto = nobleCrypto, random = systemRandom, clock = systemClock } = options
  await requireVault(storage, hsm, crypto, random)
  const key = random.bytes(32)
  await hsm.createKey(backupKeyUri, 'aes-256')
  const wrappedKey = await hsm.wrap(backupKeyUri, key, bound)
  const chunks = storage.snapshot()[Symbol.asyncIterator]()
  try {
    // The first chunk fixes the moment of the snapshot. All keys that its records need exist now.
    const first = await chunks.next()
    const image = (await hsm.image?.()) ?? null
    const header = encodeHeader({ createdAt: clock.now(), provider: hsm.provider, wrappedKey, image })
    yield header
    yield* sealChunks(crypto, streamKey(crypto, key, header), itemsOf(first, chunks, counted))
  } finally {
    wipe(key)
    await chunks.return?.()
  }
}

async function requireVault(storage: Storage, hsm: Hsm, crypto: Crypto, random: Random): Promise<void> {
  const [stored] = await storage.get([keyringRef])
  if (!stored) throw new StorageUnusable('This storage holds no vault. Check the path.')
  await openKeyring(storage, hsm, crypto, random)
}

async function* itemsOf(
  first: IteratorResult<readonly Kept[]>,
  chunks: AsyncIterator<readonly Kept[]>,
  counted: { records: number },
): AsyncGenerator<Uint8Array> {
  for (let chunk = first; !chunk.done; chunk = await chunks.next()) {
    yield concat(...chunk.value.map(encodeRecord))
    counted.records += chunk.value.length
  }
  yield encodeEnd(counted.records)
}

/** A backup with a parsed header. Its records can be read once. */
export interface Backup extends Header {
  /** A unique id of the backup. */
  readonly id: string
  /** Yields the records. Throws `BackupUnusable` at the first modified record, or at the end if one is missing. */
  records(hsm: Hsm): AsyncIterable<Kept>
}

/**
 * Reads the header of a backup.
 *
 * @example
 * const backup = await readBackup(createReadStream('vault.pawlbackup'))
 */
export async function readBackup(stream: AsyncIterable<Uint8Array>, crypto: Crypto = nobleCrypto): Promise<Backup> {
  const take = byteSource(stream)
  const { header, bytes } = await decodeHeader(take)
  return {
    ...header,
    id: hex(crypto.sha256(bytes)),
    records: async function* (hsm) {
      const key = await unwrapped(header, hsm)
      yield* decodeRecords(openChunks(crypto, streamKey(crypto, key, bytes), take))
      wipe(key)
    },
  }
}

async function unwrapped({ wrappedKey, provider }: Header, hsm: Hsm): Promise<Uint8Array> {
  try {
    return await hsm.unwrap(backupKeyUri, wrappedKey, bound)
  } catch (error) {
    const isOther = error instanceof HsmError && ['key_missing', 'not_authentic'].includes(error.failure)
    if (!isOther) throw error
    throw new BackupUnusable(`The configured keys (${hsm.provider}) are not the keys of this backup (${provider}).`)
  }
}
