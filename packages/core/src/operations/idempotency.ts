import { frame, hex, utf8 } from '../kernel/bytes.ts'
import { defineError, invalidField } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'
import { revealingJson } from '../kernel/secret.ts'
import { day } from '../kernel/time.ts'
import { kind, type Unit } from '../records/index.ts'
import type { Origin } from './caller.ts'
import type { Context, Engine } from './engine.ts'
import type { AnyOperation } from './operation.ts'
import { sweepTask } from './sweep.ts'

// A caller can send an `Idempotency-Key` with a call. A call with the same key within a day is a retry: the engine does not
// make it again, and returns the stored answer. So a caller who got no answer can retry safely. The engine stores the key in
// the same batch as the effects of the call, so the store has both or neither.

/** A call that was made. Its id is a hash of the caller, the operation and the key. */
interface IdempotentCall {
  readonly id: string
  /** A hash of what was asked for. */
  readonly input: string
  /** Null while the call is running, or if the engine was interrupted during the call. */
  readonly answer: { readonly output: Json } | null
  readonly endsAt: number
}

export const idempotentCallKind = kind<IdempotentCall>('keyedCall', {
  scope: 'global',
  indexes: { ends: { key: ({ endsAt }) => [endsAt] } },
  // Not cached, because most are read once and they can be large.
  remembered: false,
  history: ['answer'],
})

/** Deletes the calls that have expired. */
export const idempotentCallsTask = sweepTask('keyed-calls.sweep', idempotentCallKind)

const keptMs = day

export const keyReused = defineError(
  'idempotency_key_reused',
  'conflict',
  'This Idempotency-Key was already used for a different request. Use a new key.',
)

const keyInUse = defineError(
  'idempotency_key_in_use',
  'conflict',
  'A call with this Idempotency-Key is still running, or its outcome is unknown. Pawl does not repeat it.',
)

/** The errors of every idempotent operation, in addition to its own errors. */
export const idempotencyErrors = [keyReused, keyInUse]

/** A call as its key names it. */
export type NamedCall = Pick<IdempotentCall, 'id' | 'input'>

/** Null for a call without a key, and for an operation that is not idempotent. The engine then makes each call. */
export function nameCall(
  { crypto, caller, origin }: Context,
  { name, idempotent, http }: AnyOperation,
  input: unknown,
): NamedCall | null {
  if (idempotent !== true || caller.kind === 'anonymous') return null
  const idempotencyKey = keyOf(origin)
  if (idempotencyKey === null) return null
  const hash = (...parts: readonly string[]) => hex(crypto.sha256(frame(...parts.map(utf8))))
  return {
    id: hash(caller.kind, caller.id, name, idempotencyKey),
    input: hash(revealingJson(withoutProofs(input, http))),
  }
}

/** The input without proofs of the user. A proof is valid for one call, so a retry has another proof, or one that is used up. */
function withoutProofs(input: unknown, http: AnyOperation['http']): unknown {
  const proofs = Object.keys(http?.headers ?? {})
  if (proofs.length === 0 || typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).filter(([name]) => !proofs.includes(name)))
}

/** The key of a call. Null: it has none. */
export function keyOf({ idempotencyKey = null }: Origin): string | null {
  if (idempotencyKey === null) return null
  if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw invalidField('Idempotency-Key', 'must be 1 to 255 printable characters without spaces')
  }
  return idempotencyKey
}

/** The stored answer of an earlier call. Null: there was no such call, or its key has expired. */
export function answerBefore({ unit, now }: Context, { id, input }: NamedCall): IdempotentCall['answer'] {
  const before = unit.get(idempotentCallKind, id)
  if (!before || before.endsAt <= now) return null
  if (before.input !== input) throw keyReused()
  if (before.answer === null) throw keyInUse()
  return before.answer
}

/** Stages a record of the call, with its answer if the answer is known. */
export function keepCall(unit: Unit, call: NamedCall, now: number, answer: IdempotentCall['answer']): void {
  unit.put(idempotentCallKind, { ...call, answer, endsAt: now + keptMs })
}

/** Deletes the record of a call that had no effect, so that the caller can use the key again. */
export async function forgetCall({ records }: Engine, call: NamedCall): Promise<void> {
  await records.transact((unit) => {
    const before = unit.get(idempotentCallKind, call.id)
    if (before) unit.delete(idempotentCallKind, before)
  })
}

/** Stores the answer of a call that was running. */
export async function settleCall({ records }: Engine, call: NamedCall, output: unknown): Promise<void> {
  await records.transact((unit) => {
    const before = unit.get(idempotentCallKind, call.id)
    if (before) unit.put(idempotentCallKind, { ...before, answer: { output: output as Json } })
  })
}
