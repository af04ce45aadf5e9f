import { html } from '@pawl/core/surfaces'
import { formPage, type Page } from './form-page.ts'
import { page, type Reply } from './layout.ts'
import { timeHtml } from './times.ts'
import type { Visit } from './visit.ts'

// A user decides about the request of an agent. Opening a link decides nothing, because mail scanners open links.

type Status = 'approved' | 'rejected'

/** The link of a mail, which proves that the visitor has the mailbox. It shows nothing of the request. */
const byLink = formPage({
  path: '/v1/approvals/quick-decide',
  title: 'Approve the request?',
  button: 'Approve',
  otherButton: 'Reject',
  before: () => html`<p>The mail says what an agent asks for. Approve it only if you know it yourself.</p>`,
  fields: () => [],
  send: async ({ as, query }, form) => {
    const { status } = await as.approvals.quickDecide({ token: query.get('token') ?? '', decision: chosen(form) })
    return decided(status)
  },
})

/** The same after a sign-in, with everything that the request says. */
const signedIn = formPage({
  path: '/v1/approvals/{approval_id}',
  signedIn: true,
  title: 'Approve the request?',
  button: 'Approve',
  otherButton: 'Reject',
  before: requestHtml,
  fields: async (visit) => {
    const { risk_tier, status } = await visit.as.approvals.get(refOf(visit))
    if (status !== 'pending' || risk_tier === 1) return []
    const label = 'Your password, or a token of a re-authentication'
    return [{ name: 'auth_confirm', label, type: 'password', optional: true, hint: 'Only to approve.' }]
  },
  send: async (visit, form) => {
    const auth_confirm = form.get('auth_confirm') || undefined
    const { status } = await visit.as.approvals.decide({ ...refOf(visit), decision: chosen(form), auth_confirm })
    return decided(status as Status)
  },
})

async function requestHtml(visit: Visit) {
  const found = await visit.as.approvals.get(refOf(visit))
  return html`<dl><dt>Action</dt><dd>${found.action}</dd>
<dt>About</dt><dd>${found.target_type} ${found.target_id}</dd>
${Object.entries(found.summary).map(([name, value]) => html`<dt>${name}</dt><dd>${textOf(value)}</dd>`)}
${found.reason && html`<dt>Reason</dt><dd>${found.reason}</dd>`}
<dt>Requested</dt><dd>${timeHtml(found.created_at)}</dd>
<dt>Status</dt><dd>${found.status}</dd></dl>
<p class="quiet">${
    found.payload === undefined
      ? 'The agent wrote this text. Approve it only if you know it yourself.'
      : 'The server carries this out when you approve.'
  }</p>`
}

function refOf({ here }: Visit): { approval_id: string } {
  return { approval_id: here.split('?')[0]?.split('/').at(-1) ?? '' }
}

function chosen(form: URLSearchParams): Status {
  return form.get('decision') === 'yes' ? 'approved' : 'rejected'
}

function decided(status: Status): Reply {
  return page(status === 'approved' ? 'Approved' : 'Rejected', html`<p class="done">You can close this page.</p>`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export const approvalPages: readonly Page[] = [byLink, signedIn]
