import { limits } from '../../kernel/limits.ts'
import type { Unit } from '../../records/index.ts'
import { type SecretEntry, secretKind } from './records.ts'

/** Every secret of a vault whose path begins with the prefix, deleted ones too, in the order of paths. */
export async function* secretsUnder(unit: () => Unit, vaultId: string, prefix = ''): AsyncGenerator<SecretEntry> {
  let after: string | null = null
  for (;;) {
    const page: SecretEntry[] = await unit().page(secretKind, 'path', {
      tuple: [vaultId],
      prefix,
      limit: limits.scanRowsMax,
      ...(after === null ? {} : { after: [vaultId, after] }),
    })
    yield* page
    const last = page[page.length - 1]
    if (!last || page.length < limits.scanRowsMax) return
    after = last.path
  }
}
