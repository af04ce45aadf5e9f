import { base64, fromBase64, fromUtf8, hex, utf8, wipe } from '../kernel/bytes.ts'
import { internalError } from '../kernel/errors.ts'
import { uuid } from '../kernel/ids.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Random } from '../ports/random.ts'
import { type Storage, StorageConflict, StorageUnusable } from '../ports/storage.ts'
import { deriveKey, keysWiped, type RecordCipher, recordCipher } from './envelope.ts'
import { keyringRef as ref, refuseUnfinished } from './unfinished.ts'

/** The keys of the engine. All are derived from one master key that only the HSM can unwrap. */
export interface Keyring {
  /** Encrypts the bodies of records. */
  readonly records: RecordCipher
  /** Turns a value into an index key that reveals nothing about it. Equal values have equal keys. */
  blind(purpose: string, value: string): string
  /** The HMAC key of the audit trail of an organisation. */
  audit(org: string): Uint8Array
  /** Wipes all keys from memory. Afterwards every method throws. */
  wipe(): void
}

/** The storage contains this marker while keys move from one HSM to another. */
const movingRef = { kind: 'keyring', id: 'moving' }
const bound = utf8('pawl/1/keyring')

/** Opens the keyring of a storage. Creates it in a new storage. Two engines that start together agree on one. */
export async function openKeyring(storage: Storage, hsm: Hsm, crypto: Crypto, random: Random): Promise<Keyring> {
  const [stored, moving] = await storage.get([ref, movingRef])
  if (moving && !('succession' in hsm)) {
    throw new StorageUnusable(
      'The keys of this vault are only partly moved to another key store. Run pawl keys move again.',
    )
  }
  if (stored) refuseUnfinished(stored.body)
  if (stored) return unlock(stored.body, hsm, crypto, random)
  const master = random.bytes(32)
  const uri = await makeWrappingKey(hsm, random)
  const body = bodyOf(uri, await hsm.wrap(uri, master, bound))
  wipe(master)
  try {
    await storage.commit([{ op: 'put', ...ref, expect: null, version: uri, body, keys: [] }])
  } catch (error) {
    if (!(error instanceof StorageConflict)) throw error
    await hsm.destroyKey(uri)
  }
  return openKeyring(storage, hsm, crypto, random)
}

/** Wraps the keyring with a new HSM key and destroys the old key. Encrypted records stay unchanged. */
export async function rewrapKeyring(storage: Storage, hsm: Hsm, random: Random): Promise<void> {
  const [stored] = await storage.get([ref])
  if (!stored) throw internalError()
  const before = contentOf(stored.body)
  const uri = await makeWrappingKey(hsm, random)
  const master = await hsm.unwrap(before.uri, before.wrapped, bound)
  const body = bodyOf(uri, await hsm.wrap(uri, master, bound))
  wipe(master)
  await storage.commit([{ op: 'put', ...ref, expect: stored.version, version: uri, body, keys: [] }])
  await hsm.destroyKey(before.uri)
}

/** With `true`, only the process that moves the keys can open the vault. `false` ends this. */
export async function markMoving(storage: Storage, isMoving: boolean): Promise<void> {
  const [stored, marked] = await storage.get([ref, movingRef])
  if (!stored) throw new StorageUnusable('This storage holds no vault. Check the path.')
  const mark = { op: 'put', ...movingRef, expect: null, version: '1', body: new Uint8Array(0), keys: [] } as const
  if (isMoving && !marked) await storage.commit([mark])
  if (!isMoving && marked) await storage.commit([{ op: 'delete', ...movingRef, expect: marked.version }])
}

/** The name is random, so that vaults on one token never use or destroy the keys of each other. */
async function makeWrappingKey(hsm: Hsm, random: Random): Promise<string> {
  const uri = `pawl:system/${uuid(random)}`
  await hsm.createKey(uri, 'aes-256')
  return uri
}

async function unlock(body: Uint8Array, hsm: Hsm, crypto: Crypto, random: Random): Promise<Keyring> {
  const { uri, wrapped } = contentOf(body)
  const master = await hsm.unwrap(uri, wrapped, bound)
  const blinding = deriveKey(crypto, master, 'blind')
  const auditing = deriveKey(crypto, master, 'audit')
  const records = recordCipher(crypto, random, deriveKey(crypto, master, 'records'))
  wipe(master)
  const audits = new Map<string, Uint8Array>()
  let isWiped = false
  const usable = (key: Uint8Array) => {
    if (isWiped) throw keysWiped()
    return key
  }
  return {
    records,
    blind: (purpose, value) => hex(crypto.hmacSha256(usable(blinding), utf8(`${purpose}\n${value}`))),
    audit: (org) => {
      const key = audits.get(org) ?? deriveKey(crypto, usable(auditing), org)
      audits.set(org, key)
      return usable(key)
    },
    wipe: () => {
      isWiped = true
      records.wipe()
      for (const key of [blinding, auditing, ...audits.values()]) wipe(key)
    },
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
