import { invalidField } from '../../kernel/errors.ts'
import type { Context } from '../../operations/index.ts'
import { vaultKind } from '../vaults/index.ts'

/** An end that is over already is a mistake: to end an agent now, it is switched off or deleted. */
export function requireFuture<F extends string>(
  { now }: Context,
  given: { readonly [Field in F]?: number | null | undefined },
  field: F,
): void {
  const time = given[field]
  if (typeof time === 'number' && time <= now) throw invalidField(field, 'must be in the future')
}

/** A binding names vaults that are there. One that was deleted later stays in it: a binding never widens by itself. */
export function checkVaults({ unit }: Context, vaultIds: readonly string[]): void {
  for (const id of vaultIds) {
    if (!unit.get(vaultKind, id)) throw invalidField('vault_ids', 'must list vaults of this organisation')
  }
}
