import { defineError } from '../../kernel/errors.ts'

export const walletNotFound = defineError<{ chain: string }>(
  'wallet_not_found',
  'not_found',
  ({ chain }) => `You have no active wallet for ${chain}. Create one with POST /v1/treasury/wallets/generate.`,
)

/** Clients look for the word "already". */
export const walletExists = defineError<{ chain: string }>(
  'wallet_exists',
  'conflict',
  ({ chain }) => `You already have an active wallet for ${chain}. Rotate or deactivate it first.`,
)

export const walletsFull = defineError<{ max: number }>(
  'wallets_full',
  'denied',
  ({ max }) => `The organisation has ${max} wallets, which is the maximum. Rotated wallets count.`,
)

/** A rule refuses the payment. `rule` is the field of the spend policy, or another reason to sign nothing. */
export const paymentRefused = defineError<{
  rule: string
  reason: string
  limit: string | number | null
  current: string | number | null
  attempted: string | number | null
}>('payment_refused', 'denied', ({ rule, reason }) => `${reason} (${rule})`)

export const accessPolicyNotFound = defineError(
  'access_policy_not_found',
  'not_found',
  'You have made no access policy with this ID.',
)

export const accessPoliciesFull = defineError<{ max: number }>(
  'access_policies_full',
  'conflict',
  ({ max }) => `You have ${max} access policies, which is the maximum. Delete one first.`,
)
