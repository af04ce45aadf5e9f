import type { Crypto, Hsm, Storage } from '@pawl/core/ports'
import { systemRandom } from '@pawl/core/ports/reference'
import { openKeyring } from '../../../core/src/crypto/keyring.ts'
import { codec } from '../../../core/src/records/codec.ts'
import type { AnyKind } from '../../../core/src/records/index.ts'

/** A record as it was opened. */
export interface Opened {
  readonly kind: AnyKind
  readonly id: string
  readonly value: object
}

/** Opens every one of these records that the store has. */
export async function openAll(
  refs: Iterable<{ readonly kind: string; readonly id: string }>,
  kinds: readonly AnyKind[],
  { storage, hsm, crypto }: { readonly storage: Storage; readonly hsm: Hsm; readonly crypto: Crypto },
): Promise<Opened[]> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const known = [...refs].filter(({ kind }) => byName.has(kind))
  const { open } = codec(await openKeyring(storage, hsm, crypto, systemRandom))
  const stored = await storage.get(known)
  return stored.flatMap((one) => {
    const kind = one && byName.get(one.kind)
    if (!kind) return []
    const [org = null] = kind.scope === 'org' ? one.id.split('/') : []
    const { value } = open(kind, org, one)
    return [{ kind, id: value.id, value }]
  })
}

/** Which fields still name a record that is gone, as `share.recipient.id`, and which do so as history. */
export function changesBetween(before: readonly Opened[], after: readonly Opened[]) {
  const left = new Set(after.map(nameOf))
  const isGone = (one: Opened) => one.kind.idOf === undefined && !left.has(nameOf(one))
  const gone = new Set(before.filter(isGone).map(({ id }) => id))
  const [dangling, history] = [new Set<string>(), new Set<string>()]
  for (const { kind, value } of after) {
    for (const [field, part] of Object.entries(value)) {
      const isHistory = kind.history.includes(field)
      for (const [id, path] of idsIn(part, `${kind.name}.${field}`)) {
        if (gone.has(id)) isHistory ? history.add(`${kind.name}.${field}`) : dangling.add(path)
      }
    }
  }
  return { gone, dangling, history }
}

function nameOf({ kind, id }: Opened): string {
  return `${kind.name} ${id}`
}

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Every id in a part of a record, with its path. */
function idsIn(part: unknown, path: string): (readonly [id: string, path: string])[] {
  if (typeof part === 'string') return [...part.matchAll(uuids)].map(([id]) => [id, path] as const)
  if (Array.isArray(part)) return part.flatMap((one) => idsIn(one, path))
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return []
  return Object.entries(part).flatMap(([name, one]) => idsIn(one, `${path}.${name}`))
}
