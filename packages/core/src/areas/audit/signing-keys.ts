import { base64, frame, fromBase64, utf8 } from '../../kernel/bytes.ts'
import { unavailable } from '../../kernel/errors.ts'
import type { Engine } from '../../operations/index.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type Hsm, HsmError } from '../../ports/hsm.ts'
import { kind, type Reading } from '../../records/index.ts'

// Checkpoints are signed by a key of the HSM, and checked with its public half, which the HSM tells too: nothing in the
// store is believed. When that key is replaced, the new one signs the public half of the old one, so what it signed can
// be checked from then on, back to the first.

/** The name of the key that signs, and what is left of those before it, newest first. */
interface AuditKeys {
  readonly id: 'main'
  readonly current: string
  readonly former: readonly FormerKey[]
  /** There is a signed list of all lanes. */
  readonly listsLanes?: true
}

interface FormerKey {
  readonly publicKey: string
  /** The signature of the key that came after it. */
  readonly endorsement: string
}

export const auditKeysKind = kind<AuditKeys>('auditKeys', { scope: 'global' })

/** The key that signs now; made when there is none yet. */
async function signingKey(engine: Engine): Promise<string> {
  const known = await engine.records.reading().get(auditKeysKind, 'main')
  if (known) return known.current
  const made = await makeKey(engine)
  return engine.records.transact((unit) => {
    const other = unit.get(auditKeysKind, 'main')
    if (!other) unit.put(auditKeysKind, { id: 'main', current: made, former: [] })
    return other?.current ?? made
  })
}

/** Every public key that a checkpoint may have been signed with, newest first; none when nothing was signed yet. */
export async function trustedKeys(crypto: Crypto, hsm: Hsm, reading: Reading): Promise<readonly Uint8Array[]> {
  const keys = await reading.get(auditKeysKind, 'main')
  const newest = keys && (await publicKeyOf(hsm, keys.current))
  if (!newest) return []
  const trusted = [newest]
  for (const { publicKey, endorsement } of keys.former) {
    const [key, signature, endorser] = [fromBase64(publicKey), fromBase64(endorsement), trusted[trusted.length - 1]]
    const isEndorsed = key && endorser && signature && crypto.ed25519Verify(endorser, message(key), signature)
    // A key without a valid endorsement can be an attacker's key, and so can every key that it endorses.
    if (!isEndorsed) break
    trusted.push(key)
  }
  return trusted
}

/** The bytes that such a key signs: the type of the message, and its parts. */
export function signedBytes(what: string, ...parts: readonly (string | number)[]): Uint8Array {
  return frame(...[`pawl/1/${what}`, ...parts].map((part) => utf8(String(part))))
}

/** Whether one of these keys has signed this. */
export function isSignedBy(
  crypto: Crypto,
  keys: readonly Uint8Array[],
  signed: Uint8Array,
  signatureBase64: string,
): boolean {
  const signature = fromBase64(signatureBase64)
  return signature?.length === 64 && keys.some((key) => crypto.ed25519Verify(key, signed, signature))
}

/** Signs with the key that signs now, which is made when there is none. */
export async function signedBy(engine: Engine, signed: Uint8Array): Promise<string> {
  return base64(await engine.hsm.sign(await signingKey(engine), signed))
}

/** Lets a new key sign from now on, and destroys the one that did. */
export async function rotateSigningKey(engine: Engine): Promise<void> {
  const { hsm, records } = engine
  const before = await signingKey(engine)
  const publicKey = await hsm.publicKey(before)
  const current = await makeKey(engine)
  const endorsement = base64(await hsm.sign(current, message(publicKey)))
  await records.transact((unit) => {
    const keys = unit.get(auditKeysKind, 'main')
    if (keys?.current !== before) throw unavailable({ part: 'audit key (it was rotated just now)' })
    unit.put(auditKeysKind, {
      ...keys,
      current,
      former: [{ publicKey: base64(publicKey), endorsement }, ...keys.former],
    })
  })
  await hsm.destroyKey(before)
}

/** Named at random, so that vaults which share a token never use, and never destroy, each other's key. */
async function makeKey({ hsm, newId }: Engine): Promise<string> {
  const uri = `pawl:audit/${newId()}`
  await hsm.createKey(uri, 'ed25519')
  return uri
}

async function publicKeyOf(hsm: Hsm, uri: string): Promise<Uint8Array | null> {
  try {
    return await hsm.publicKey(uri)
  } catch (error) {
    if (error instanceof HsmError && error.failure === 'key_missing') return null
    throw error
  }
}

function message(publicKey: Uint8Array): Uint8Array {
  return frame(utf8('pawl/1/audit-key'), publicKey)
}
