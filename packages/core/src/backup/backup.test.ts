import { worldDefaults } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { openKeyring } from '../crypto/keyring.ts'
import type { Kept } from '../ports/index.ts'
import { memoryHsm, memoryStorage, nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import { backUp, readBackup } from './backup.ts'
import { BackupUnusable } from './errors.ts'
import { fill } from './fill.ts'

const hsm = memoryHsm(worldDefaults)
const wireChunkBytes = 64 * 1024 + 16

async function vaultOf(records: readonly Kept[]) {
  const storage = memoryStorage()
  await openKeyring(storage, hsm, nobleCrypto, systemRandom)
  await fill(storage, records, false)
  return storage
}

async function backupOf(records: readonly Kept[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const bytes of backUp({ storage: await vaultOf(records), hsm }).bytes) pieces.push(bytes)
  return new Uint8Array(Buffer.concat(pieces))
}

/** As a disk or a network brings it, in pieces of any size. */
async function* inPieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(bytes: Uint8Array, pieceBytes?: number): Promise<Kept[]> {
  const found: Kept[] = []
  for await (const kept of (await readBackup(inPieces(bytes, pieceBytes), worldDefaults.crypto)).records(hsm))
    found.push(kept)
  return found.filter(({ kind }) => kind !== 'keyring')
}

/** All of them in one text: comparing big arrays takes forever. */
function textOf(records: readonly Kept[]): string {
  const shown = records.map((kept) => ({ ...kept, body: Buffer.from(kept.body).toString('base64') }))
  return JSON.stringify(
    shown.map((kept) => JSON.stringify(kept, ['kind', 'id', 'version', 'body', 'keys', 'index', 'key'])).sort(),
  )
}

function record(id: string, bytes: number): Kept {
  return {
    kind: 'thing',
    id,
    version: `${id} v1`,
    body: new Uint8Array(bytes).fill(7),
    keys: [{ index: 'i', key: id }],
  }
}

/** Chunks of a backup of a few of them, and what stands before the first. */
async function cutUp() {
  const bytes = await backupOf(Array.from({ length: 30 }, (_, at) => record(`r${at}`, 10_000)))
  const headBytes = bytes.length % wireChunkBytes
  const view = new DataView(bytes.buffer)
  const jsonBytes = view.getUint32(9)
  const start = 13 + jsonBytes + 4
  const chunks = []
  for (let at = start; at < bytes.length; at += wireChunkBytes) chunks.push(bytes.subarray(at, at + wireChunkBytes))
  return { bytes, head: bytes.subarray(0, start), chunks, headBytes }
}

describe('a backup', () => {
  it('gives back every record as it was, however the bytes arrive', async () => {
    const body = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(150_000).fill(3)))
    const key = fc.record({ index: fc.string(), key: fc.string({ maxLength: 1_000 }) })
    const kept = fc.record({
      kind: fc.constantFrom('thing', 'other'),
      id: fc.uuid(),
      version: fc.string({ minLength: 1 }),
      body,
      keys: fc.uniqueArray(key, { maxLength: 4, selector: ({ index, key }) => `${index}\n${key}` }),
    })
    const unique = fc.uniqueArray(kept, {
      maxLength: 20,
      comparator: (a, b) =>
        a.id === b.id || a.keys.some((one) => b.keys.some(({ index, key }) => index === one.index && key === one.key)),
    })
    const property = fc.asyncProperty(unique, fc.integer({ min: 500, max: 200_000 }), async (records, pieceBytes) => {
      expect(textOf(await readAll(await backupOf(records), pieceBytes))).toBe(textOf(records))
    })
    await fc.assert(property, { numRuns: tries(40, 4) })
  })

  it('shows nothing of a record, not even its keys', async () => {
    const text = Buffer.from(await backupOf([record('payments-key-path', 100)])).toString('latin1')
    expect(text).not.toContain('payments-key-path')
    expect(text).not.toContain('thing')
  })

  it('with any bit flipped is refused', async () => {
    const { bytes } = await cutUp()
    const property = fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
      const flipped = bytes.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
      await expect(readAll(flipped)).rejects.toThrow(BackupUnusable)
    })
    await fc.assert(property, { numRuns: tries(150, 4) })
    for (let at = 0; at < 120; at++) {
      const flipped = bytes.slice()
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await expect(readAll(flipped), `byte ${at} of the header`).rejects.toThrow(BackupUnusable)
    }
  })

  it('that is cut anywhere is refused, also between two chunks', async () => {
    const { bytes, head, chunks } = await cutUp()
    expect(chunks.length).toBeGreaterThan(3)
    let whole = head.length
    for (const chunk of chunks) {
      await expect(readAll(bytes.subarray(0, whole))).rejects.toThrow('truncated')
      whole += chunk.length
    }
    const property = fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      await expect(readAll(bytes.subarray(0, length))).rejects.toThrow(BackupUnusable)
    })
    await fc.assert(property, { numRuns: tries(80, 4) })
  })

  it('whose chunks were reordered, repeated, left out or added to is refused', async () => {
    const { head, chunks } = await cutUp()
    const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat([head, ...parts]))
    expect(await readAll(joined(chunks))).toHaveLength(30)
    const order = fc.array(fc.nat(chunks.length - 1), { maxLength: chunks.length + 2 })
    const property = fc.asyncProperty(order, async (numbers) => {
      fc.pre(numbers.join() !== chunks.map((_, at) => at).join())
      await expect(readAll(joined(numbers.map((at) => chunks[at] as Uint8Array)))).rejects.toThrow(BackupUnusable)
    })
    await fc.assert(property, { numRuns: tries(150, 4) })
    for (const more of [new Uint8Array(1), new Uint8Array(wireChunkBytes)]) {
      await expect(readAll(joined([...chunks, more]))).rejects.toThrow(BackupUnusable)
    }
  })

  it('does not open with chunks or a header of another backup of the same vault', async () => {
    const [one, other] = [await cutUp(), await cutUp()]
    const mixed = new Uint8Array(Buffer.concat([one.head, ...other.chunks]))
    await expect(readAll(mixed)).rejects.toThrow(BackupUnusable)
  })

  it('does not open with other keys, and says so', async () => {
    const bytes = await backupOf([record('a', 10)])
    const backup = await readBackup(inPieces(bytes), worldDefaults.crypto)
    const reading = backup.records(memoryHsm(worldDefaults))[Symbol.asyncIterator]()
    await expect(reading.next()).rejects.toThrow('The configured keys (memory) are not the keys of this backup')
  })

  it('G4: is refused for lengths that no backup has, before anything is read for them', async () => {
    const { bytes, head } = await cutUp()
    for (const at of [9, head.length - 4]) {
      const lying = bytes.slice()
      new DataView(lying.buffer).setUint32(at, 0xffffffff)
      await expect(readAll(lying)).rejects.toThrow('header of the backup is damaged')
    }
  })

  it('is told from other files, and from one of a newer Pawl', async () => {
    const bytes = await backupOf([])
    await expect(readAll(Uint8Array.of())).rejects.toThrow('not a Pawl backup')
    await expect(readAll(new TextEncoder().encode('SQLite format 3'))).rejects.toThrow('not a Pawl backup')
    bytes[8] = 2
    await expect(readAll(bytes)).rejects.toThrow('newer version of Pawl')
  })

  it('is not made of a store without a vault', async () => {
    const reading = backUp({ storage: memoryStorage(), hsm }).bytes[Symbol.asyncIterator]()
    await expect(reading.next()).rejects.toThrow('This storage holds no vault')
  })
})
