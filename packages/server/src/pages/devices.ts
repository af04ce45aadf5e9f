import { PawlError } from '@pawl/core'
import { html } from '@pawl/core/surfaces'
import { formPage, type Page } from './form-page.ts'
import { page, type Reply, seeOther } from './layout.ts'
import { timeHtml } from './times.ts'
import { unlocked, withPasskey } from './unlock.ts'
import type { Visit } from './visit.ts'

// Lets a command line sign in. The page shows the name, the address and the time of the request. A request from another
// address than that of the visitor may be a trap in a link, so the visitor must type the code from the device (B17).

const path = '/cli/verify'

type Status = Awaited<ReturnType<Visit['as']['logins']['status']>>

const ask = formPage({
  path,
  signedIn: true,
  title: 'Sign in a device',
  button: 'Continue',
  before: () => html`<p>Enter the code that the command line or the device shows.</p>`,
  fields: ({ query }) => [{ name: 'code', label: 'Code', value: query.get('code') ?? '' }],
  send: async (visit, form) => {
    const { user_code } = await visit.as.logins.status({ user_code: form.get('code') ?? '' })
    return seeOther(`${visit.to(path)}?code=${user_code}`)
  },
})

const decide = (status: Status) =>
  formPage({
    path,
    signedIn: true,
    title: 'Let this device sign in?',
    button: 'Allow',
    otherButton: 'Deny',
    before: (visit) => html`<dl><dt>Program</dt><dd>${status.client_id}</dd>
<dt>Address</dt><dd>${status.requested_from || 'unknown'}</dd>
<dt>Requested</dt><dd>${timeHtml(status.requested_at ?? '')}</dd></dl>
${
  isFromHere(status, visit)
    ? html`<p>The device must show this code:</p><p class="code big">${status.user_code}</p>`
    : html`<p class="problem">The request comes from another address than yours. If a message or a call led you here, deny it.</p>`
}
<p class="quiet">Allow it only if you started this sign-in yourself, a moment ago. The device can then do everything that you can do,
for one day.</p>`,
    fields: (visit) =>
      isFromHere(status, visit)
        ? [{ name: 'code', label: '', type: 'hidden', value: status.user_code }]
        : [{ name: 'code', label: 'Code that the device shows' }],
    send: (visit, form) =>
      form.get('decision') === 'yes' ? withPasskey(visit, () => allow(visit, status, form)) : deny(visit, status),
  })

async function allow(visit: Visit, { user_code }: Status, form: URLSearchParams): Promise<Reply> {
  const letters = (text: string) => text.toUpperCase().replace(/[^A-Z]/g, '')
  if (letters(form.get('code') ?? '') !== letters(user_code)) {
    throw new PawlError('invalid', 'invalid_input', 'This is not the code of the request.', {
      fields: { code: 'is not the code of this request' },
    })
  }
  await visit.as.logins.allow({ user_code, ...unlocked(visit) })
  return page('Signed in', html`<p class="done">The device is signed in. You can close this page.</p>`)
}

async function deny(visit: Visit, { user_code }: Status): Promise<Reply> {
  await visit.as.logins.deny({ user_code })
  return page('Denied', html`<p>The device was not signed in.</p>`)
}

function isFromHere({ requested_from: from }: Status, visit: Visit): boolean {
  return from !== undefined && from !== '' && from === visit.from
}

const over = {
  approved: 'The device was signed in with this code.',
  denied: 'This sign-in was denied.',
  expired: 'The code has expired. Start the sign-in on the device again.',
} as const

/** Two steps on one page: the code, then the details of the request. */
const verify: Page = {
  path,
  signedIn: true,
  show: async (visit) => {
    const code = visit.query.get('code')
    if (!code) return ask.show(visit)
    // This call needs a user, so it fails here if the session has ended.
    await visit.as.auth.me()
    const status = await visit.as.logins.status({ user_code: code })
    if (status.status !== 'pending') return page('Sign in a device', html`<p>${over[status.status]}</p>`)
    return status.client_id === undefined ? notYours() : decide(status).show(visit)
  },
  send: async (visit, form) => {
    const code = visit.query.get('code')
    if (!code || !form.has('decision')) return ask.send(visit, form)
    const status = await visit.as.logins.status({ user_code: code })
    return decide(status).send(visit, form)
  },
}

function notYours(): Reply {
  return page(
    'Sign in a device',
    html`<p>The code is for another account. Sign in with the address that the device named.</p>`,
  )
}

export const devicePages: readonly Page[] = [verify]
