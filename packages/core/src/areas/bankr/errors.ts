import { defineError } from '../../kernel/errors.ts'

export const partnerKeyMissing = defineError(
  'partner_key_missing',
  'invalid',
  'The organisation has no partner key of Bankr. An owner or admin must set it with PUT /v1/org/bankr-config.',
)

export const leasesFull = defineError<{ max: number }>(
  'leases_full',
  'invalid',
  ({ max }) => `The agent has ${max} leases, which is the maximum. Revoke one, or wait until one ends.`,
)

export const leaseNotFound = defineError('lease_not_found', 'not_found', 'The agent has no lease with this ID.')

export const bankrConfigNotFound = defineError(
  'bankr_config_not_found',
  'not_found',
  'The organisation has no partner key of Bankr.',
)
