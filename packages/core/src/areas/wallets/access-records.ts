import { kind } from '../../records/index.ts'

export const walletPermissions = ['sign', 'view_balance', 'export', 'send', 'swap'] as const
export type WalletPermission = (typeof walletPermissions)[number]

/** What the owner of wallets lets another person do with them. */
export interface WalletAccess {
  readonly id: string
  /** Whose wallets they are. Only this person makes the policy. */
  readonly ownerId: string
  /** Null: all wallets of the owner. */
  readonly walletId: string | null
  readonly principal: { readonly kind: 'user' | 'role'; readonly id: string }
  readonly permissions: readonly WalletPermission[]
  /** Names of chains. Empty: all. */
  readonly chains: readonly string[]
  readonly maxValuePerTx: string | null
  readonly dailyLimit: string | null
  readonly isActive: boolean
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

export const walletAccessKind = kind<WalletAccess>('walletAccess', {
  indexes: {
    owner: { key: ({ ownerId, createdAt }) => [ownerId, createdAt] },
    principal: { key: ({ principal, createdAt }) => (principal.kind === 'user' ? [principal.id, createdAt] : null) },
  },
})
