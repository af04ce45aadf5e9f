import { defineError } from '../../kernel/errors.ts'

export const agentNotFound = defineError(
  'agent_not_found',
  'not_found',
  'The agent does not exist, or you cannot access it.',
)

export const agentHasNoKey = defineError(
  'agent_has_no_key',
  'invalid',
  'The agent does not sign in with an API key, so there is no key to rotate.',
)

export const agentKeysVaultNotFound = defineError(
  'agent_keys_vault_not_found',
  'not_found',
  'The vault of agent keys does not exist yet. Pawl creates it with the first agent.',
)
