import { invalidField } from '../../kernel/errors.ts'
import type { Context } from '../../operations/index.ts'
import { vaultKind } from '../vaults/index.ts'

/** Refuses an expiry in the past. To end an agent now, disable or delete it. */
export function requireFuture<F extends string>(
  { now }: Context,
  given: { readonly [Field in F]?: number | null | undefined },
  field: F,
): void {
  const time = given[field]
  if (typeof time === 'number' && time <= now) throw invalidField(field, 'must be in the future')
}

/** Checks that the listed vaults exist. A vault that is deleted later stays in the list, so the access never widens. */
export function checkVaults({ unit }: Context, vaultIds: readonly string[]): void {
  for (const id of vaultIds) {
    if (!unit.get(vaultKind, id)) throw invalidField('vault_ids', 'must list vaults of this organisation')
  }
}
