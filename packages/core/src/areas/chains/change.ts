import type { Context } from '../../operations/index.ts'
import { chainNotFound } from './errors.ts'
import { chainKind, chainsOf } from './records.ts'
import type { RegisteredChain } from './registered.ts'

/** Stages a change of a chain. A built-in chain gets a record with its id. */
export function changeChain(
  { unit, now }: Context,
  id: string,
  change: (old: RegisteredChain) => Partial<RegisteredChain>,
): RegisteredChain {
  const old = unit.get(chainKind, id) ?? chainsOf(unit).find((one) => one.id === id)
  if (!old || old.isRemoved) throw chainNotFound()
  const chain = { ...old, ...change(old), updatedAt: now }
  unit.put(chainKind, chain)
  return chain
}
