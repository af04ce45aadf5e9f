import { confirmHeader, fields } from '../../operations/index.ts'

const tokenBytesMax = 1_024

/** The fields of an operation that a passkey can confirm, for exactly one transaction. */
export const passkeyFields = {
  passkey_token: fields
    .optional(fields.secretText(tokenBytesMax))
    .describe('A token of POST /v1/auth/passkeys/tx-assert/complete, instead of X-Auth-Confirm.'),
  passkey_tx_digest: fields
    .optional(fields.text(64))
    .describe('The digest that the passkey approved. Default: the digests that the server computes.'),
}

/** The headers that carry the proofs. */
export const passkeyHeaders = {
  ...confirmHeader,
  passkey_token: 'x-passkey-token',
  passkey_tx_digest: 'x-passkey-tx-digest',
} as const
