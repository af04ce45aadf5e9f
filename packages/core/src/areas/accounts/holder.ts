import type { Principal } from '../../operations/index.ts'
import type { Account } from '../orgs/index.ts'

/** The fields of a link or code that name its holder: the user or the stand-in. There are none before the first organisation. */
export function holderOf(account: Account | null): { readonly org?: string; readonly holder?: Principal } {
  return account ? { org: account.org, holder: { kind: 'user', id: account.id } } : {}
}
