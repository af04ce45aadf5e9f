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

/** Nothing is signed under a rule that the server does not understand. */
export const triggerUnreadable = defineError<{ policy_id: string }>(
  'consensus_trigger_unreadable',
  'denied',
  ({ policy_id }) => `The consensus_trigger of the policy ${policy_id} is not valid, so nothing is signed under it.`,
)

export const tooManyOpen = defineError<{ max: number }>(
  'too_many_pending_approvals',
  'denied',
  ({ max }) => `There are ${max} pending approvals of this agent. Wait until people have decided.`,
)
