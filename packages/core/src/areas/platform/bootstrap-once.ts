import { base64url, frame, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { revealingJson } from '../../kernel/secret.ts'
import { day } from '../../kernel/time.ts'
import { type Context, keyOf, keyReused } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

// The engine makes a bootstrap with an `Idempotency-Key` once. The answer shows keys that are stored nowhere else. So the engine
// encrypts the answer with a key derived from the Idempotency-Key. Only a caller with that key can read the answer again.

interface KeptBootstrap {
  readonly id: string
  /** A hash of what was asked for. */
  readonly input: string
  readonly nonce: string
  readonly sealed: string
  readonly endsAt: number
}

export const keptBootstrapKind = kind<KeptBootstrap>('platformBootstrapCall', {
  scope: 'global',
  indexes: { ends: { key: ({ endsAt }) => [endsAt] } },
  remembered: false,
})

/** A call as its key names it. */
export interface NamedBootstrap {
  readonly id: string
  readonly input: string
  readonly key: Uint8Array
}

/** Null for a call without a key. */
export function nameBootstrap(
  { crypto, origin }: Context,
  connectionId: string,
  input: unknown,
): NamedBootstrap | null {
  const idempotencyKey = keyOf(origin)
  if (idempotencyKey === null) return null
  const hash = (...parts: readonly string[]) => crypto.sha256(frame(...parts.map(utf8)))
  return {
    id: base64url(hash('bootstrap', connectionId, idempotencyKey)),
    input: base64url(hash(revealingJson(input))),
    key: hash('bootstrap answer', connectionId, idempotencyKey),
  }
}

/** The stored answer of an earlier call. Null: there was no such call, or its key has expired. */
export function bootstrapBefore(
  { unit, now, crypto, origin }: Context,
  { id, input, key }: NamedBootstrap,
): Json | null {
  const before = unit.get(keptBootstrapKind, id)
  if (!before || before.endsAt <= now) return null
  if (before.input !== input) throw keyReused()
  const [nonce, sealed] = [fromBase64url(before.nonce), fromBase64url(before.sealed)]
  const text = nonce && sealed && crypto.decrypt(key, nonce, sealed, utf8(id))
  if (!text) throw internalError()
  origin.answeredBefore?.()
  return JSON.parse(fromUtf8(text)) as Json
}

/** Stages the answer of a call. */
export function keepBootstrap(
  { unit, now, crypto }: Context,
  { id, input, key }: NamedBootstrap,
  answer: unknown,
): void {
  const nonce = unit.random.bytes(12)
  const sealed = base64url(crypto.encrypt(key, nonce, utf8(revealingJson(answer)), utf8(id)))
  unit.put(keptBootstrapKind, { id, input, nonce: base64url(nonce), sealed, endsAt: now + day })
}
