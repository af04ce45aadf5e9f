import { limits } from '../../kernel/limits.ts'
import { among, type Context } from '../../operations/index.ts'
import { type Reading, walk } from '../../records/index.ts'
import { type SecretEntry, secretKind } from './records.ts'

/** Yields every secret of a vault with this path prefix, including deleted ones, in path order. */
export function secretsUnder(
  reading: () => Reading,
  vaultId: string,
  prefix = '',
  after = '',
): AsyncGenerator<SecretEntry> {
  const range = { tuple: [vaultId], prefix, ...(after === '' ? {} : { after: [vaultId, after] }) }
  return walk(reading, secretKind, 'path', range)
}

/** Returns the secrets that are not deleted. */
export async function liveSecrets(
  reading: () => Reading,
  vaultId: string,
  prefix: string,
  after: string,
): Promise<SecretEntry[]> {
  const live: SecretEntry[] = []
  for await (const secret of secretsUnder(reading, vaultId, prefix, after))
    if (secret.deletedAt === null) live.push(secret)
  return live
}

/** A page that looks at more rows than this ends early. */
const rowsPerPageMax = 8 * limits.rowsPerTurnMax

/** The place where a list continues. The caller sees it, so it names no path that the caller may not read. */
export interface Place {
  /** The last secret that was shown; empty before the first. */
  readonly path: string
  /** The last that was looked at, where the page ended early. */
  readonly id: string | null
}

interface Wanted {
  readonly prefix: string
  readonly after: Place
  readonly limit: number
}

/** At most `limit` secrets that are not deleted and that the caller may read, and the place where the list continues. */
export function pageOfSecrets(context: Context, vaultId: string, { prefix, after, limit }: Wanted) {
  const found: SecretEntry[] = []
  const shown = () => found[found.length - 1]?.path ?? after.path
  let last = pathAt(context, vaultId, after)
  let id: string | null = null
  for (let rows = 0; rows < rowsPerPageMax; rows += limits.rowsPerTurnMax) {
    const range = { tuple: [vaultId], prefix, ...(last === '' ? {} : { after: [vaultId, last] }) }
    const page = context.unit.page(secretKind, 'path', { ...range, limit: limits.rowsPerTurnMax })
    const live = page.filter(({ deletedAt }) => deletedAt === null)
    for (const secret of among(context, 'secret', live, 'read')) {
      if (found.length === limit) return { found, rest: { path: shown(), id: null } }
      found.push(secret)
    }
    if (page.length < limits.rowsPerTurnMax) return { found, rest: null }
    ;({ path: last, id } = page[page.length - 1] as SecretEntry)
  }
  return { found, rest: { path: shown(), id } }
}

/** If the secret was removed meanwhile, the list continues after the last secret that was shown. */
export function pathAt({ unit }: Context, vaultId: string, { path, id }: Place): string {
  const secret = id === null ? null : unit.get(secretKind, id)
  return secret?.vaultId === vaultId ? secret.path : path
}
