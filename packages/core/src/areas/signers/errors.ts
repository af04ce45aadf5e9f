import { defineError } from '../../kernel/errors.ts'

export const signingKeyNotFound = defineError<{ chain: string }>(
  'signing_key_not_found',
  'not_found',
  ({ chain }) => `The agent has no active signing key for ${chain}. Create one with \`pawl key create\`.`,
)

/** Clients look for the word "already", and list the keys then. */
export const signingKeyExists = defineError<{ chain: string }>(
  'signing_key_exists',
  'conflict',
  ({ chain }) => `The agent already has an active signing key for ${chain}. Rotate or deactivate it first.`,
)

export const signingKeyLocked = defineError(
  'signing_key_in_hsm',
  'denied',
  'The private key was made in the key store and cannot leave it.',
)

export const custodyUnavailable = defineError<{ provider: string }>(
  'custody_unavailable',
  'invalid',
  ({ provider }) => `custody: the key store ${provider} cannot sign digests with secp256k1 keys. Use custody vault.`,
)

export const keyUnusable = defineError<{ reason: string }>('signing_key_unusable', 'invalid', ({ reason }) => reason)

export const chainNotConfigured = defineError<{ setting: string }>(
  'chain_not_configured',
  'unavailable',
  ({ setting }) => `No node of this chain is configured. An operator must set ${setting}.`,
)

export const chainUnavailable = defineError<{ chain: string }>(
  'chain_unavailable',
  'unavailable',
  ({ chain }) => `No node of ${chain} gave a valid answer. Try again later.`,
)
