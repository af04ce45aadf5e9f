import * as z from 'zod'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { peekLinkToken } from '../../credentials/index.ts'
import { approvalRulesOf, userKind } from '../../orgs/index.ts'
import { decideApproval } from '../decide.ts'
import { approvalDecided, linkInvalid, ownRequest } from '../errors.ts'
import { linkPurpose } from '../links.ts'
import { approvalKind } from '../records.ts'
import { decisionField } from '../schemas.ts'

export const quickDecide = operation({
  name: 'approvals.quickDecide',
  summary: 'Approve or reject with the link of a mail, without a sign-in. The link works once.',
  // A scanner of mail opens every link. So GET shows a page, and only its button decides.
  http: {
    method: 'POST',
    path: '/v1/approvals/quick-decide',
    status: 200,
    id: 'quickDecideApproval',
    tag: 'Approvals',
  },
  command: null,
  effect: 'write',
  access: 'public',
  audit: {
    action: 'approval.decide_by_link',
    resource: 'approval',
    about: (_, made) => ({ id: made?.id, status: made?.status }),
  },
  input: z.object({ token: fields.secretText(100), decision: decisionField() }),
  output: z.object({ id: fields.id(), status: z.enum(['approved', 'rejected']) }),
  limits: [{ per: 'credential', field: 'token', by: 'person' }],
  errors: [linkInvalid, approvalDecided, ownRequest],
  run: (context, { token, decision }) => {
    const { approval, user } = approvalOfLink(context, token.reveal())
    decideApproval(context, approval, user, { status: decision })
    return { id: approval.id, status: decision }
  },
})

/** The approval of a link, and the user whom the mail went to. The decision ends the link. */
function approvalOfLink(context: Context, token: string) {
  const { unit } = context
  const link = peekLinkToken(context, linkPurpose, token)
  if (!link?.org || !link.holder) throw linkInvalid()
  unit.enter(link.org)
  const user = unit.get(userKind, link.holder.id)
  const approval = unit.get(approvalKind, String(link.data))
  if (!approval || user?.status !== 'active' || !approvalRulesOf(unit).hasLinks) throw linkInvalid()
  return { approval, user }
}
