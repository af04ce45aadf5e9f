import { memoryStorage } from '@pawl/core/ports/reference'
import { type RecordedWrite, recording, type StorageCall } from '@pawl/testkit/wrappers'
import type { Argon2Cost } from '../src/ports/crypto.ts'
import { nobleCrypto } from '../src/ports/reference/crypto.ts'

/** Options for an engine, and a function that lists its hashes, reads and writes during a call, in their order. */
export function countedWork({ isShared = false } = {}) {
  const { exclusive, ...inner } = memoryStorage()
  const storage = recording(isShared ? inner : { exclusive, ...inner })
  const hashes: { cost: Argon2Cost; after: number }[] = []
  let start = 0
  const argon2id: typeof nobleCrypto.argon2id = (bytes, salt, cost) => {
    hashes.push({ cost, after: storage.calls.length - start })
    return nobleCrypto.argon2id(bytes, salt, cost)
  }
  const work = async (call: () => Promise<unknown>) => {
    hashes.length = 0
    start = storage.calls.length
    await call()
    const calls = storage.calls.slice(start).flatMap(described)
    return { hashes: [...hashes], calls, commits: calls.filter((one) => one === 'commit').length }
  }
  return { options: { storage, crypto: { ...nobleCrypto, argon2id } }, work }
}

/** One line for each read, with the kind of record, and for each write, with its number of keys and its bytes. */
function described(call: StorageCall): string[] {
  if (call.method === 'get') return call.refs.map(({ kind }) => `get ${kind}`)
  if (call.method === 'scan') return [`scan ${call.range.kind}`]
  if (call.method === 'snapshot') return [call.method]
  const writes = call.method === 'commit' ? call.writes : call.batches.flat()
  const size = (one: RecordedWrite) => (one.op === 'put' ? ` ${one.keys.length} ${one.bytes}` : '')
  return ['commit', ...writes.map((one) => `${one.op} ${one.kind}${size(one)}`)]
}

/** The same without the bytes of the writes. For mails whose texts have different lengths. */
export function withoutBytes<W extends { readonly calls: readonly string[] }>(work: W): W {
  return { ...work, calls: work.calls.map((one) => one.split(' ').slice(0, 3).join(' ')) }
}
