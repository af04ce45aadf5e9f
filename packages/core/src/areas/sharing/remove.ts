import type { Engine, Principal } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { shareKind } from './records.ts'

/** Removes the shares that a removed principal created or received. */
export async function dropSharesOf({ records }: Engine, org: string, { kind, id }: Principal): Promise<void> {
  await dropAll(records, org, shareKind, 'creator', org, kind, id)
  await dropAll(records, org, shareKind, 'recipient', org, kind, id)
}
