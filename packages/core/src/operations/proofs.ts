import { kind, type Reads, type Unit } from '../records/index.ts'
import type { Possession, Proof } from './caller.ts'
import { sweepTask } from './sweep.ts'

// A proof of possession is valid for one request. The storage has the used proofs, so that no other engine accepts one again.
// The engine stores a proof in the same batch as the effects of its call.

/** A used proof, by a hash of its key and its id. Global, because the engine looks it up before it knows the organisation. */
export const usedProofKind = kind<{ readonly id: string; readonly endsAt: number }>('usedProof', {
  scope: 'global',
  indexes: { ends: { key: ({ endsAt }) => [endsAt] } },
  // It is looked for once in most cases.
  remembered: false,
})

/** The units that stage the use of a proof, and the requests whose proof was stored. One request may make several calls. */
const stagedIn = new WeakMap<Possession, Unit>()
const stored = new WeakSet<Possession>()

/** Whether another request has used the proof. */
export function wasUsed(unit: Reads, { id, possession }: Proof): boolean {
  return !stored.has(possession) && unit.get(usedProofKind, id) !== null
}

/** Stages that the proof is used. Does nothing when this request has done so. */
export function useProof(unit: Unit, { id, endsAt, possession }: Proof): void {
  if (stored.has(possession) || unit.makes(usedProofKind, id)) return
  unit.put(usedProofKind, { id, endsAt })
  stagedIn.set(possession, unit)
}

/**
 * Stages that a call with the proof got a price as its answer. The client repeats the call with a payment and the same proof. So the
 * first price does not use up the proof, and the second one does.
 */
export function useForPrice(unit: Unit, proof: Proof): void {
  if (!useOnce(unit, `${proof.id}.price`, proof.endsAt)) useProof(unit, proof)
}

/** Stages the use of any other one-time value, by its hash. False: the value was used before. */
export function useOnce(unit: Unit, id: string, endsAt: number): boolean {
  if (unit.get(usedProofKind, id) !== null) return false
  unit.put(usedProofKind, { id, endsAt })
  return true
}

/** Called when the unit is stored. */
export function proofStored(possession: Possession | null | undefined): void {
  if (possession && stagedIn.has(possession)) stored.add(possession)
}

/** Deletes the proofs that have expired. */
export const usedProofsTask = sweepTask('used-proofs.sweep', usedProofKind)
