import { defineError } from '../../kernel/errors.ts'

export const routerKeyNotFound = defineError('router_key_not_found', 'not_found', 'The router key does not exist.')

export const routerKeysMax = defineError(
  'router_keys_max',
  'conflict',
  ({ max }: { max: number }) => `An agent has at most ${max} router keys. Revoke one first.`,
)

export const flaggedNotFound = defineError(
  'flagged_request_not_found',
  'not_found',
  'The request was not flagged, or its copy is no longer kept.',
)
