import { defineError } from '../../kernel/errors.ts'

export const vaultNotFound = defineError(
  'vault_not_found',
  'not_found',
  'The vault does not exist, or you cannot access it.',
)

/** An agent can create so many vaults, because each takes a key in the HSM. */
export const agentQuotaReached = defineError<{ max: number }>(
  'resource_limit_exceeded',
  'denied',
  ({ max }) =>
    `This agent has created ${max} of ${max} vaults. An operator can raise the limit (PAWL_AGENT_VAULTS_MAX).`,
)

export const vaultNameTaken = defineError('vault_name_taken', 'conflict', 'A vault with this name already exists.')
