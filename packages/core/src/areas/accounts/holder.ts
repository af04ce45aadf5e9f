import type { Principal } from '../../operations/index.ts'
import type { Account } from '../orgs/index.ts'

/** The holder of what is sent to an address: its user, or the stand-in of an unknown address. */
export function holderOf(account: Account | null): { readonly org?: string; readonly holder?: Principal } {
  return account ? { org: account.org, holder: { kind: 'user', id: account.id } } : {}
}
