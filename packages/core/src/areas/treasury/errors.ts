import { defineError } from '../../kernel/errors.ts'

export const treasuryNotFound = defineError(
  'treasury_not_found',
  'not_found',
  'The treasury does not exist, or you cannot access it.',
)
export const signerNotFound = defineError('treasury_signer_not_found', 'not_found', 'The treasury has no such signer.')
export const signerExists = defineError(
  'treasury_signer_exists',
  'conflict',
  'The treasury has a signer with this address, or of this user or agent.',
)
export const accessNotFound = defineError(
  'treasury_access_not_found',
  'not_found',
  'The treasury has no such access request.',
)
export const accessExists = defineError(
  'treasury_access_exists',
  'conflict',
  'The agent has access to the treasury, or a request that waits for a decision.',
)
export const accessDecided = defineError<{ status: string }>(
  'treasury_access_decided',
  'conflict',
  ({ status }) => `The access request is ${status}. No decision is possible any more.`,
)
export const proposalNotFound = defineError('proposal_not_found', 'not_found', 'The treasury has no such proposal.')
export const proposalDecided = defineError<{ status: string }>(
  'proposal_decided',
  'conflict',
  ({ status }) => `The proposal is ${status}, so this is not possible.`,
)
export const alreadyVoted = defineError('already_voted', 'conflict', 'The signer has already voted on the proposal.')
export const noGasPayer = defineError(
  'no_gas_payer',
  'conflict',
  'No key can pay the gas. Set executor_agent_id of the treasury to an agent with a signing key for ethereum.',
)
export const safeDiffers = defineError<{ field: string; problem: string }>(
  'safe_differs',
  'conflict',
  ({ field, problem }) => `${field}: ${problem}. With verify: false, Pawl does not compare.`,
)
export const treasuryNotCompared = defineError(
  'treasury_not_compared',
  'conflict',
  'Pawl has not compared the treasury with the chain yet. It tries again when the node answers. Propose later.',
)
export const treasuryFull = defineError<{ max: number; what: string }>(
  'resource_limit_exceeded',
  'denied',
  ({ max, what }) => `The treasury has ${max} ${what}, which is the maximum.`,
)
