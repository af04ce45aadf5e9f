import { defineError } from '../../kernel/errors.ts'

export const agentNotFound = defineError('agent_not_found', 'not_found', 'There is no such agent.')

export const agentHasNoKey = defineError(
  'agent_has_no_key',
  'invalid',
  'This agent does not sign in with an API key, so there is none to rotate.',
)

export const agentKeysVaultNotFound = defineError(
  'agent_keys_vault_not_found',
  'not_found',
  'There is no vault of agent keys yet; it is made with the first agent.',
)
