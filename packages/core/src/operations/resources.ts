import type { About, Context, Guard, Resource } from './engine.ts'

/**
 * A resource of a type about which the guard of some area decides.
 *
 * @example
 * export const vaultAt = (id: string) => guarded<'see' | 'delete'>('vault', id, { id })
 */
export function guarded<P extends string>(type: string, key: unknown, about: About): Resource<P> {
  return { type, about, authorize: (context, permission) => guardOf(context, type).authorize(context, key, permission) }
}

/** Returns those keys for which the caller has the permission, in the same order. */
export function among<K>(context: Context, type: string, keys: readonly K[], permission: string): readonly K[] {
  return guardOf(context, type).among(context, keys, permission) as readonly K[]
}

/** The ids of the resources of a type that the caller may see. */
export function visible(context: Context, type: string): readonly string[] {
  return guardOf(context, type).visible?.(context) ?? []
}

function guardOf({ areas }: Context, type: string): Guard<unknown> {
  return areas.guard(type) as Guard<unknown>
}
