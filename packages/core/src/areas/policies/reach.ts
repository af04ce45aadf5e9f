import type { Context } from '../../operations/index.ts'
import type { Reading } from '../../records/index.ts'
import { liveSecrets, type SecretEntry, secretsUnder, secretVersionKind } from '../secrets/index.ts'
import { type Permission, permissions } from './policy.ts'
import { type Known, keyBlockOf } from './principals.ts'

/** Which secrets a principal reaches, by permission. */
export type Reached = Readonly<Record<Permission, ReadonlySet<string>>>

/** The secrets of a vault now or at a time in the past, up to a bound, and whether there are more. */
export function boundedSecrets(
  context: Context,
  vaultId: string,
  prefix = '',
  at: number | null = null,
): { secrets: SecretEntry[]; more: boolean } {
  const { unit, reading } = context
  const read = () => reading(unit.org ?? undefined)
  const all = unit.waitFor(() =>
    at === null ? liveSecrets(read, vaultId, prefix, '') : secretsAt(read, vaultId, prefix, at),
  )
  return { secrets: all.slice(0, secretsMax), more: all.length > secretsMax }
}

/** A page shows no more, and each is a decision per principal and permission. */
const secretsMax = 10_000

/** The secrets that existed at a time in the past. Those that were purged since are unknown. */
async function secretsAt(read: () => Reading, vaultId: string, prefix: string, at: number): Promise<SecretEntry[]> {
  const found: SecretEntry[] = []
  for await (const secret of secretsUnder(read, vaultId, prefix)) {
    if (secret.deletedAt !== null && secret.deletedAt <= at) continue
    if (secret.newest.createdAt <= at || (await createdAt(read(), secret)) <= at) found.push(secret)
  }
  return found
}

async function createdAt(reading: Reading, { id, firstVersion, newest }: SecretEntry): Promise<number> {
  if (newest.number === firstVersion) return newest.createdAt
  const first = await reading.get(secretVersionKind, `${id}.${firstVersion}`)
  return first?.createdAt ?? newest.createdAt
}

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
