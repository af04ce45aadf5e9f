import { defineError } from '../../kernel/errors.ts'

export const pendingApprovalNotFound = defineError(
  'pending_approval_not_found',
  'not_found',
  'The pending approval does not exist, or you cannot access it.',
)

export const policyNotFound = defineError(
  'consensus_policy_not_found',
  'not_found',
  'There is no policy with this ID that has a consensus_trigger, or you cannot access it.',
)

export const notOpen = defineError<{ status: string }>(
  'pending_approval_not_open',
  'conflict',
  ({ status }) => `The pending approval is ${status}, so this is not possible.`,
)

export const changeRefused = defineError<{ code: string; detail: string }>(
  'change_refused',
  'conflict',
  ({ detail }) => `The change failed: ${detail} The pending approval stays approved.`,
)

export const alreadyVoted = defineError('already_voted', 'conflict', 'You have decided about this already.')

export const ownSubmission = defineError(
  'own_submission',
  'denied',
  'You have submitted this yourself, so other people must decide.',
)

export const strongerProofNeeded = defineError(
  'stronger_proof_needed',
  'denied',
  'The policy wants a second factor for this decision. Add a passkey or an authenticator app first.',
)
