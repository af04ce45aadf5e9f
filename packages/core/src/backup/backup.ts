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
  /** Open; it may be in use by an engine. */
  readonly storage: Storage & Snapshot
  readonly hsm: Hsm & Partial<Portable>
  readonly crypto?: Crypto
  readonly random?: Random
  readonly clock?: Clock
}

export interface BackupStream {
  readonly bytes: AsyncIterable<Uint8Array>
  /** How many records were written so far. */
  readonly records: number
}

/** The key that wraps the keys of backups. It stays the same, so that an HSM opens every backup it ever wrapped. */
const backupKeyUri = 'pawl:backup'
const bound = utf8('pawl/1/backup')

/**
 * A whole vault, from one moment, as a stream: bounded in memory however big the vault is. Keys that are destroyed
 * while it begins may be missing in it, so whoever has the HSM keeps them until the first bytes are there.
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
    // From the first chunk on the records are those of one moment. Any key they need is there now.
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

/** A backup of which the header was read. It can be opened once. */
export interface Backup extends Header {
  /** Tells it from every other backup. */
  readonly id: string
  /** The records. Throws `BackupUnusable` at the first that is not as it was written, and at the end if one is missing. */
  records(hsm: Hsm): AsyncIterable<Kept>
}

/**
 * Begins to read a backup.
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
