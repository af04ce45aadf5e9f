import type { Context } from '../../operations/index.ts'
import { liveSecrets, type SecretEntry } from '../secrets/index.ts'
import { type Permission, permissions } from './policy.ts'
import { type Known, keyBlockOf } from './principals.ts'

/** Which secrets a principal reaches, by permission. */
export type Reached = Readonly<Record<Permission, ReadonlySet<string>>>

/** The secrets of a vault, up to a bound, and whether there are more. */
export function boundedSecrets(
  context: Context,
  vaultId: string,
  prefix = '',
): { secrets: SecretEntry[]; more: boolean } {
  const { unit, reading } = context
  const all = unit.waitFor(() => liveSecrets(() => reading(unit.org ?? undefined), vaultId, prefix, ''))
  return { secrets: all.slice(0, secretsMax), more: all.length > secretsMax }
}

/** A page shows no more, and each is a decision per principal and permission. */
const secretsMax = 10_000

/** The paths that a principal may use, as each request for them would be answered. */
export function reachOf(known: Known | string, secrets: readonly SecretEntry[]): Reached {
  const allowed = (permission: Permission) => {
    if (typeof known === 'string') return new Set<string>()
    const found = known.access.among(permission, secrets)
    const open = permission === 'read' ? found.filter((one) => keyBlockOf(known.caller, one) === null) : found
    return new Set(open.map(({ path }) => path))
  }
  const [read, write, remove, rotate] = permissions.map(allowed) as [Set<string>, Set<string>, Set<string>, Set<string>]
  return { read, write, delete: remove, rotate }
}
