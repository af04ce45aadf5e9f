import { limits } from '../../kernel/limits.ts'
import { type Context, oneWalkAtATime, signedIn } from '../../operations/index.ts'
import type { Reading } from '../../records/index.ts'
import { type SecretEntry, secretsUnder, secretVersionKind } from '../secrets/index.ts'
import { type Permission, permissions } from './policy.ts'
import { type Known, keyBlockOf } from './principals.ts'

/** Which secrets a principal reaches, by permission. */
export type Reached = Readonly<Record<Permission, ReadonlySet<string>>>

export interface Bounded {
  /** In path order. */
  readonly secrets: readonly SecretEntry[]
  readonly more: boolean
}

interface SecretsWanted {
  readonly prefix?: string
  /** Null: now. */
  readonly at?: number | null
  /** Only secrets whose path contains this text, in lower case. */
  readonly contains?: string
}

/** The secrets of a vault now or at a time in the past, up to a bound, and whether there are more. */
export function boundedSecrets(context: Context, vaultId: string, wanted: SecretsWanted = {}): Bounded {
  const { unit, reading } = context
  const read = () => reading(unit.org ?? undefined)
  return unit.waitFor(() => oneWalkAtATime(context, signedIn(context).id, () => secretsOf(read, vaultId, wanted)))
}

/** Maximum number of secrets in an answer. */
const secretsMax = 10_000
/** Maximum number of secrets that the walk reads, with those that are deleted or not wanted. */
const rowsMax = 40_000

/** The secrets that existed at a time in the past. Those that were purged since are unknown. */
async function secretsOf(
  read: () => Reading,
  vaultId: string,
  { prefix = '', at = null, contains = '' }: SecretsWanted,
): Promise<Bounded> {
  const found: SecretEntry[] = []
  let rows = 0
  let more = false
  for await (const secret of secretsUnder(read, vaultId, prefix)) {
    more = found.length >= secretsMax || ++rows > rowsMax
    if (more) break
    if (secret.deletedAt !== null && (at === null || secret.deletedAt <= at)) continue
    if (secret.path.toLowerCase().includes(contains)) found.push(secret)
  }
  return { secrets: at === null ? found : await madeBy(at, read, found), more }
}

/** Those that were created before a time. Reads the first versions of many secrets at once. */
async function madeBy(at: number, read: () => Reading, secrets: readonly SecretEntry[]): Promise<SecretEntry[]> {
  const made: SecretEntry[] = []
  for (let from = 0; from < secrets.length; from += limits.rowsPerTurnMax) {
    const some = secrets.slice(from, from + limits.rowsPerTurnMax)
    const times = await Promise.all(some.map((secret) => createdAt(read, secret, at)))
    made.push(...some.filter((_, place) => (times[place] as number) <= at))
  }
  return made
}

/** The creation of a secret, or of its newest version if that is old enough. */
async function createdAt(read: () => Reading, { id, firstVersion, newest }: SecretEntry, at: number): Promise<number> {
  if (newest.createdAt <= at || newest.number === firstVersion) return newest.createdAt
  const first = await read().get(secretVersionKind, `${id}.${firstVersion}`)
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
