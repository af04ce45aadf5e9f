import type { Html } from '@pawl/core/surfaces'
import { html } from '@pawl/core/surfaces'
import { type Field, formPage, type Page } from './form-page.ts'
import { page, type Reply } from './layout.ts'
import { timeHtml } from './times.ts'
import type { Visit } from './visit.ts'

// An agent requests an identity. The page shows the agent, and the user allows or denies it. A link in mail only opens the
// page.

const approvePath = '/agents/enroll/approve'

/** The request that a link names by its token, or the account page by its ID. */
function refOf({ query }: Visit) {
  const [token, id] = [query.get('token'), query.get('id')]
  return { ...(token && { token }), ...(id && { enrollment_id: id }) }
}

async function requestHtml(visit: Visit): Promise<Html> {
  const { name, description, requested_from, requested_at } = await visit.as.enrolments.show(refOf(visit))
  return html`<dl><dt>Name</dt><dd>${name}</dd>
${description && html`<dt>Description</dt><dd>${description}</dd>`}
<dt>Address</dt><dd>${requested_from || 'unknown'}</dd>
<dt>Requested</dt><dd>${timeHtml(requested_at)}</dd></dl>
<p class="quiet">The program chose its name and description. Allow it only if you expect it.</p>`
}

/** A stranger who asked in the same moment does not know it. */
const fingerprintField: Field = {
  name: 'fingerprint',
  label: 'Fingerprint that the agent shows',
  hint: 'The first 12 characters after SHA256: are enough. If you do not see one, deny the request.',
}

async function fieldsOf(visit: Visit): Promise<Field[]> {
  const { as, settings } = visit
  const [{ vaults }, { is_paired }] = await Promise.all([as.vaults.list(), as.enrolments.show(refOf(visit))])
  const own = vaults.filter(({ name }) => !name.startsWith('__'))
  const none = ['', 'None yet'] as const
  return [
    ...(is_paired ? [fingerprintField] : []),
    {
      name: 'vault_id',
      label: 'Vault that it can read',
      choices: [none, ...own.map(({ id, name }) => [id, name] as const)],
    },
    {
      name: 'secret_path_pattern',
      label: 'Paths in this vault',
      value: '**',
      hint: 'For example api-keys/*. * matches within one part of a path, and ** matches everything.',
    },
    { name: 'write', label: 'It can also write', type: 'checkbox' },
    ...(settings.mail && !is_paired
      ? [{ name: 'mail_key', label: 'Also send the key to my mailbox', type: 'checkbox' } as const]
      : []),
  ]
}

const approve = formPage({
  path: approvePath,
  signedIn: true,
  title: 'Allow this agent?',
  button: 'Allow',
  otherButton: 'Deny',
  before: requestHtml,
  fields: fieldsOf,
  send: (visit, form) => (form.get('decision') === 'no' ? denied(visit) : allowed(visit, form)),
})

async function allowed(visit: Visit, form: URLSearchParams): Promise<Reply> {
  const vault_id = form.get('vault_id')
  const permissions = form.has('write') ? (['read', 'write'] as const) : (['read'] as const)
  const grant = vault_id
    ? { vault_id, secret_path_pattern: form.get('secret_path_pattern') || '**', permissions: [...permissions] }
    : {}
  const fingerprint = form.get('fingerprint')
  const paired = fingerprint === null ? {} : { fingerprint }
  const made = await visit.as.enrolments.approve({
    ...{ ...refOf(visit), ...grant, ...paired },
    mail_key: form.has('mail_key'),
  })
  return page(
    'The agent is allowed',
    html`${
      made.api_key
        ? html`<p class="done">Give these two values to ${made.name}. This page shows the key once.</p>
<p class="code copy">PAWL_AGENT_ID=${made.agent_id}
PAWL_API_KEY=${made.api_key.reveal()}</p>`
        : html`<p class="done">${made.name} now collects its API key itself.</p>`
    }
${made.mailed && html`<p>The key also goes to your mailbox.</p>`}
<p class="quiet">${
      made.policy_id ? 'The agent can read what you chose.' : 'The agent can read nothing until a policy grants it.'
    } <a href="${visit.to('/account')}">Your account</a></p>`,
  )
}

async function denied(visit: Visit): Promise<Reply> {
  const { name } = await visit.as.enrolments.deny(refOf(visit))
  return page('Denied', html`<p>${name} was denied.</p><p><a href="${visit.to('/account')}">Your account</a></p>`)
}

const deny = formPage({
  path: '/agents/enroll/deny',
  signedIn: true,
  title: 'Deny this agent?',
  button: 'Deny',
  before: requestHtml,
  fields: () => [],
  send: denied,
})

export const enrolmentPages: readonly Page[] = [approve, deny]
