import { base64, fromBase64, fromUtf8, hex, utf8, wipe } from '../kernel/bytes.ts'
import { internalError } from '../kernel/errors.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Random } from '../ports/random.ts'
import { type Storage, StorageConflict } from '../ports/storage.ts'
import { deriveKey, type Sealer, sealer } from './envelope.ts'

/** The keys the engine itself uses, all derived from one that only the HSM can unwrap. */
export interface Keyring {
  /** Seals the bodies of records. */
  readonly records: Sealer
  /** Turns a value into an index key that says nothing about it, but is the same for the same value. */
  blind(purpose: string, value: string): string
  /** The key of an organisation's audit trail. */
  audit(org: string): Uint8Array
}

const ref = { kind: 'keyring', id: 'main' }
const firstWrappingKey = 'pawl:system'
const bound = utf8('pawl/1/keyring')

/** Opens the keyring of a store, or makes it when the store is new. Two engines that start at once agree on one. */
export async function openKeyring(storage: Storage, hsm: Hsm, crypto: Crypto, random: Random): Promise<Keyring> {
  const [stored] = await storage.get([ref])
  if (stored) return unlock(stored.body, hsm, crypto, random)
  await hsm.createKey(firstWrappingKey, 'aes-256')
  const master = random.bytes(32)
  const wrapped = await hsm.wrap(firstWrappingKey, master, bound)
  wipe(master)
  const body = bodyOf(firstWrappingKey, wrapped)
  try {
    await storage.commit([{ op: 'put', ...ref, expect: null, version: '1', body, keys: [] }])
  } catch (error) {
    if (!(error instanceof StorageConflict)) throw error
  }
  return openKeyring(storage, hsm, crypto, random)
}

/** Puts the keyring under a new key of the HSM and destroys the one before. What the keyring seals stays as it is. */
export async function rewrapKeyring(storage: Storage, hsm: Hsm): Promise<void> {
  const [stored] = await storage.get([ref])
  if (!stored) throw internalError()
  const { uri, wrapped } = contentOf(stored.body)
  const number = numberOf(uri) + 1
  const next = `${firstWrappingKey}/${number}`
  await hsm.createKey(next, 'aes-256')
  const master = await hsm.unwrap(uri, wrapped, bound)
  const body = bodyOf(next, await hsm.wrap(next, master, bound))
  wipe(master)
  await storage.commit([{ op: 'put', ...ref, expect: stored.version, version: String(number), body, keys: [] }])
  await hsm.destroyKey(uri)
}

function numberOf(uri: string): number {
  return uri === firstWrappingKey ? 1 : Number(uri.slice(firstWrappingKey.length + 1))
}

async function unlock(body: Uint8Array, hsm: Hsm, crypto: Crypto, random: Random): Promise<Keyring> {
  const { uri, wrapped } = contentOf(body)
  const master = await hsm.unwrap(uri, wrapped, bound)
  const blinding = deriveKey(crypto, master, 'blind')
  const auditing = deriveKey(crypto, master, 'audit')
  const records = sealer(crypto, random, deriveKey(crypto, master, 'records'))
  wipe(master)
  return {
    records,
    blind: (purpose, value) => hex(crypto.hmacSha256(blinding, utf8(`${purpose}\n${value}`))),
    audit: (org) => deriveKey(crypto, auditing, org),
  }
}

function bodyOf(uri: string, wrapped: Uint8Array): Uint8Array {
  return utf8(JSON.stringify({ uri, wrapped: base64(wrapped) }))
}

function contentOf(body: Uint8Array): { uri: string; wrapped: Uint8Array } {
  const { uri, wrapped } = JSON.parse(fromUtf8(body)) as { uri: string; wrapped: string }
  const bytes = fromBase64(wrapped)
  if (!bytes) throw internalError()
  return { uri, wrapped: bytes }
}
