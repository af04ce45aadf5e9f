import type { KeyChain } from '../../families/index.ts'
import { type Context, fields, signedIn, type UnitContext, type UserCaller } from '../../operations/index.ts'
import type { ChainFamily } from '../../ports/chain.ts'
import type { Layer } from '../guardrails/index.ts'
import { type WalletAccess, type WalletPermission, walletAccessKind } from './access-records.ts'
import { walletNotFound } from './errors.ts'
import { ownWallet } from './keys.ts'
import { type Wallet, walletKind } from './records.ts'

/** Names the wallet of another person. */
export function walletIdField() {
  return fields
    .optional(fields.id())
    .describe('ID of a wallet of another person who gave you access. Default: your own wallet.')
}

/** A wallet that the caller may use, and the policy that allows it. Null: the wallet belongs to the caller. */
export interface Usable {
  readonly wallet: Wallet
  readonly access: WalletAccess | null
}

/** The wallet of the caller, or the named one if a policy of its owner gives the caller this permission. */
export function usableWallet(
  context: Context,
  chain: KeyChain,
  { walletId, network, permission }: { walletId: string | undefined; network: string; permission: WalletPermission },
): Usable {
  if (walletId === undefined) return { wallet: ownWallet(context, chain), access: null }
  const wallet = context.unit.get(walletKind, walletId)
  if (!wallet?.isActive || wallet.chain !== chain) throw walletNotFound({ chain })
  const { caller } = context
  if (caller.kind !== 'user') throw walletNotFound({ chain })
  if (wallet.userId === signedIn(context).id) return { wallet, access: null }
  const all = context.unit.list(walletAccessKind, 'owner', wallet.userId)
  const fitting = all.filter(
    (one) => isFor(one, wallet, caller) && holds(one, context.now, network) && one.permissions.includes(permission),
  )
  // The most specific policy says the limits: one for the person before one for a role, one for the wallet before one for all.
  const [access] = fitting.toSorted((one, other) => rankOf(one) - rankOf(other))
  if (!access) throw walletNotFound({ chain })
  return { wallet, access }
}

/** The limits of a policy, as they hold now. Throws if it does not hold any more. */
export function accessLayers(
  { unit, now }: Pick<UnitContext, 'unit' | 'now'>,
  accessId: string | undefined,
  { family, name }: { readonly family: ChainFamily; readonly name: string },
): readonly Layer[] {
  if (accessId === undefined) return []
  const access = unit.get(walletAccessKind, accessId)
  if (!access || !holds(access, now, name)) throw walletNotFound({ chain: name })
  const { maxValuePerTx, dailyLimit } = access
  return [{ within: family, setting: 'access_policy', maxValue: maxValuePerTx, dailyLimit }]
}

function isFor({ walletId, principal }: WalletAccess, wallet: Wallet, caller: UserCaller): boolean {
  if (walletId !== null && walletId !== wallet.id) return false
  return principal.kind === 'user' ? principal.id === caller.id : principal.id === caller.role
}

function holds({ isActive, expiresAt, chains }: WalletAccess, now: number, network: string): boolean {
  return isActive && (expiresAt === null || expiresAt > now) && (chains.length === 0 || chains.includes(network))
}

function rankOf({ principal, walletId }: WalletAccess): number {
  return (principal.kind === 'user' ? 0 : 2) + (walletId === null ? 1 : 0)
}
