import { base64, frame, fromBase64, utf8 } from '../../kernel/bytes.ts'
import type { Engine } from '../../operations/index.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type Hsm, HsmError } from '../../ports/hsm.ts'
import { kind, type Unit } from '../../records/index.ts'

// Checkpoints are signed by a key of the HSM, and checked with its public half, which the HSM tells too: nothing in the
// store is believed. When that key is replaced, the new one signs the public half of the old one, so what it signed can
// be checked from then on, back to the first.

/** The number of the key that signs, and those before it, newest first. No record stands for the first key. */
interface AuditKeys {
  readonly id: 'main'
  readonly current: number
  readonly former: readonly FormerKey[]
}

interface FormerKey {
  readonly number: number
  readonly publicKey: string
  /** The signature of the key that came after it. */
  readonly endorsement: string
}

const auditKeysKind = kind<AuditKeys>('auditKeys', { scope: 'global' })
const firstKeys: AuditKeys = { id: 'main', current: 1, former: [] }

async function keysIn(unit: Unit): Promise<AuditKeys> {
  return (await unit.get(auditKeysKind, 'main')) ?? firstKeys
}

/** The key that signs now; made when there is none yet. */
export async function signingKey({ hsm, records }: Pick<Engine, 'hsm' | 'records'>): Promise<string> {
  const uri = uriOf((await keysIn(records.reading())).current)
  await hsm.createKey(uri, 'ed25519')
  return uri
}

/** Every public key that a checkpoint may have been signed with, newest first; none when nothing was signed yet. */
export async function trustedKeys(crypto: Crypto, hsm: Hsm, unit: Unit): Promise<readonly Uint8Array[]> {
  const { current, former } = await keysIn(unit)
  const newest = await publicKeyOf(hsm, current)
  if (!newest) return []
  const trusted = [newest]
  for (const { number, publicKey, endorsement } of former) {
    const [key, signature, endorser] = [fromBase64(publicKey), fromBase64(endorsement), trusted[trusted.length - 1]]
    const isEndorsed = key && endorser && signature && crypto.ed25519Verify(endorser, message(number, key), signature)
    // Without its endorsement a key is anybody's, and so are all that it endorses.
    if (!isEndorsed) break
    trusted.push(key)
  }
  return trusted
}

/** Lets a new key sign from now on, and destroys the one that did. */
export async function rotateSigningKey({ hsm, records }: Pick<Engine, 'hsm' | 'records'>): Promise<void> {
  const { current } = await keysIn(records.reading())
  const old = await publicKeyOf(hsm, current)
  if (!old) return
  const next = current + 1
  await hsm.createKey(uriOf(next), 'ed25519')
  const endorsement = base64(await hsm.sign(uriOf(next), message(current, old)))
  await records.transact(async (unit) => {
    const keys = await keysIn(unit)
    if (keys.current !== current) return
    const former = [{ number: current, publicKey: base64(old), endorsement }, ...keys.former]
    unit.put(auditKeysKind, { id: 'main', current: next, former })
  })
  await hsm.destroyKey(uriOf(current))
}

async function publicKeyOf(hsm: Hsm, number: number): Promise<Uint8Array | null> {
  try {
    return await hsm.publicKey(uriOf(number))
  } catch (error) {
    if (error instanceof HsmError && error.failure === 'key_missing') return null
    throw error
  }
}

function uriOf(number: number): string {
  return `pawl:audit/${number}`
}

function message(number: number, publicKey: Uint8Array): Uint8Array {
  return frame(utf8('pawl/1/audit-key'), utf8(String(number)), publicKey)
}
