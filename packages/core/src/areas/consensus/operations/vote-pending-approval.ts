import * as z from 'zod'
import { confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { pendingApprovalAt } from '../access.ts'
import { alreadyVoted, notOpen, ownSubmission, pendingApprovalNotFound, strongerProofNeeded } from '../errors.ts'
import { pendingApprovalKind } from '../records.ts'
import { PendingApprovalBody, pendingApprovalBody, pendingRef } from '../schemas.ts'
import { vote } from '../vote.ts'

export const votePendingApproval = operation({
  name: 'consensus.vote',
  summary: 'Approve or reject. You send the hash of what you have read, so that you decide about exactly that.',
  http: {
    method: 'POST',
    path: '/v1/pending-approvals/{pending_approval_id}/approve',
    status: 200,
    id: 'approvePendingApproval',
    tag: 'Pending Approvals',
    headers: confirmHeader,
  },
  command: { name: 'consensus vote', positionals: ['pending_approval_id', 'decision', 'payload_hash'] },
  effect: 'write',
  access: {
    permission: 'decide',
    resource: ({ pending_approval_id }) => pendingApprovalAt(pending_approval_id),
    signedIn: ['user'],
  },
  confirms: {
    purpose: 'pending_approval.vote',
    when: ({ context, input }) =>
      input.decision === 'approve' &&
      (context.unit.get(pendingApprovalKind, input.pending_approval_id)?.approval.require_credential_types ?? [])
        .length > 0,
  },
  audit: {
    action: 'pending_approval.vote',
    resource: 'pending_approval',
    about: ({ pending_approval_id, decision }, made) => ({ id: pending_approval_id, decision, status: made?.status }),
  },
  input: z.object({
    ...pendingRef,
    decision: z.enum(['approve', 'reject'], 'must be approve or reject'),
    payload_hash: fields.text(64, 64).describe('SHA-256 of action_payload as JSON with sorted members and no spaces.'),
    reason: fields.optional(fields.text(1_000)).describe('Why, in your own words.'),
    credential_type: fields
      .optional(fields.plainText(20))
      .describe('What you proved yourself with. The server looks at the proof itself, and not at this.'),
    auth_confirm: confirmField(),
  }),
  output: PendingApprovalBody,
  errors: [pendingApprovalNotFound, notOpen, alreadyVoted, ownSubmission, strongerProofNeeded],
  run: (context, { pending_approval_id, ...ballot }) => {
    const one = context.unit.require(pendingApprovalKind, pending_approval_id, pendingApprovalNotFound)
    return pendingApprovalBody(context, vote(context, one, ballot))
  },
})
