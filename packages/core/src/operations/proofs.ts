import { kind, type Reads, type Unit } from '../records/index.ts'
import type { Possession, Proof } from './caller.ts'
import { sweepTask } from './sweep.ts'

// A proof of possession is good for one request. Which were used stands in the storage, so that no other engine takes one a
// second time. A proof is stored in the batch of what it was used for.

/** A proof that was used, by a hash of its key and its id. Global, because it is looked for before anything is known. */
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

/** Stages the use of anything else that is good for one use, by a hash of it. False: it was used. */
export function useOnce(unit: Unit, id: string, endsAt: number): boolean {
  if (unit.get(usedProofKind, id) !== null) return false
  unit.put(usedProofKind, { id, endsAt })
  return true
}

/** Called when the unit is stored. */
export function proofStored(possession: Possession | null | undefined): void {
  if (possession && stagedIn.has(possession)) stored.add(possession)
}

/** Takes away what no clock accepts any more. */
export const usedProofsTask = sweepTask('used-proofs.sweep', usedProofKind)
