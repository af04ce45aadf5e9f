import { createHash } from 'node:crypto'
import { Html, html } from '@pawl/core/surfaces'
import { passkeyScript } from '../web/passkeys.ts'
import { type Field, type FormPage, formPage, type SendingPage } from './form-page.ts'
import type { Visit } from './visit.ts'

// A form that a passkey signs. Passkeys exist only in scripts, so these pages have one. It sends nothing: it reads the challenge
// from the form, and puts the answer of the authenticator into the fields that the browser then sends.

const formScript = `
const form = document.querySelector('form')
const { asked } = form.elements
const { hostname, href } = location
const bound = JSON.parse(asked.value).rp_id
if (hostname !== bound && !hostname.endsWith('.' + bound)) {
  const elsewhere = document.getElementById('elsewhere')
  elsewhere.querySelector('a').href = href.replace(hostname, bound)
  elsewhere.hidden = false
}
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  try {
    const signed = await signWithPasskey(JSON.parse(asked.value))
    for (const name in signed) form.elements[name].value = signed[name]
    asked.disabled = true
    form.submit()
  } catch {
    document.getElementById('unsigned').hidden = false
  }
})
`

const script = `${passkeyScript}${formScript}`
const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`

const after = html`<p class="problem" id="elsewhere" hidden>Passkeys work only at another address of this server.
<a href="">Open that address</a></p>
<p class="problem" role="alert" id="unsigned" hidden>The browser did not use a passkey. Try again.</p>
<noscript><p class="problem">A passkey needs JavaScript. Turn it on for this page.</p></noscript>
<script>${new Html(script)}</script>`

/** The challenge of the server. */
interface Asked {
  readonly challenge: string
  readonly rp_id: string
  readonly timeout: number
  readonly user_verification: string
  readonly allow_credentials: readonly unknown[]
}

const signedNames = ['credential_id', 'authenticator_data', 'client_data_json', 'signature'] as const

type Signed = { readonly [Name in (typeof signedNames)[number]]: string }

interface PasskeyForm extends Pick<FormPage, 'path' | 'title' | 'before' | 'action' | 'signedIn'> {
  /** Asks the server for a challenge. */
  begin(visit: Visit): Promise<Asked>
  readonly hidden?: Readonly<Record<string, string>>
  send(visit: Visit, signed: Signed): ReturnType<FormPage['send']>
}

export function passkeyForm({ begin, send, hidden = {}, ...form }: PasskeyForm): SendingPage {
  return formPage({
    ...form,
    button: 'Use the passkey',
    fields: async (visit) => [
      hiddenField('asked', JSON.stringify(await begin(visit))),
      ...signedNames.map((name) => hiddenField(name, '')),
      ...Object.entries(hidden).map(([name, value]) => hiddenField(name, value)),
    ],
    after: () => after,
    scripts: [hash],
    send: (visit, given) => {
      const signed = Object.fromEntries(signedNames.map((name) => [name, given.get(name) ?? '']))
      return send(visit, signed as unknown as Signed)
    },
  })
}

/** Whether a form was signed by a passkey. */
export function isSigned(form: URLSearchParams): boolean {
  return form.has('credential_id')
}

function hiddenField(name: string, value: string): Field {
  return { name, label: '', type: 'hidden', value }
}
