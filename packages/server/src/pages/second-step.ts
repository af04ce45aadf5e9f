import { html } from '@pawl/core/surfaces'
import { formPage, type SendingPage } from './form-page.ts'
import { type Reply, seeOther } from './layout.ts'
import { isSigned, passkeyForm } from './passkey-form.ts'
import { nextOf, type Visit } from './visit.ts'

// The step after a first factor: the session, or first a code of the authenticator app or a passkey.

interface SignIn {
  readonly access_token: { reveal(): string }
  readonly expires_in: number
  readonly mfa_token?: { reveal(): string } | undefined
  readonly mfa_method?: 'totp' | 'passkey' | undefined
}

/** Starts the session, and redirects the visitor to the page that they wanted. */
export function enter(
  visit: Visit,
  token: { reveal(): string },
  lifeSeconds: number,
  next = nextOf(visit.query.get('next')),
): Reply {
  return seeOther(next ?? visit.home, visit.signedIn(token, lifeSeconds))
}

/** Signs the visitor in, or first asks for the second factor. `action` is the page that takes it. */
export async function enterOrAsk(
  visit: Visit,
  { access_token, expires_in, mfa_token, mfa_method }: SignIn,
  next = nextOf(visit.query.get('next')),
  action = visit.here,
): Promise<Reply> {
  if (!mfa_token) return enter(visit, access_token, expires_in, next)
  const step = mfa_method === 'passkey' ? passkeyStep : codeStep
  return step(mfa_token.reveal(), next, action).show(visit)
}

/** The second step that a form belongs to. Null: it belongs to the first one. */
export function stepOf(form: URLSearchParams, next: string | null, action: string): SendingPage | null {
  const token = form.get('mfa_token')
  if (token === null) return null
  return (isSigned(form) ? passkeyStep : codeStep)(token, next, action)
}

function passkeyStep(mfa_token: string, next: string | null, action: string): SendingPage {
  return passkeyForm({
    path: '',
    title: 'Use your passkey',
    action,
    before: () => html`<p>Your account asks for a passkey at each sign-in.</p>`,
    hidden: { mfa_token },
    begin: ({ as }) => as.factors.beginMfaPasskey({ mfa_token }),
    send: async (visit, signed) => {
      const { access_token, expires_in } = await visit.as.factors.completeMfaPasskey({ mfa_token, ...signed })
      return enter(visit, access_token, expires_in, next)
    },
  })
}

/** The token of the first step is in the form, because a browser keeps URLs in its history. */
function codeStep(token: string, next: string | null, action: string): SendingPage {
  return formPage({
    path: '',
    title: 'Enter a code',
    button: 'Sign in',
    action,
    before: () => html`<p>Open your authenticator app, or use one of your recovery codes.</p>`,
    fields: () => [
      { name: 'mfa_token', label: '', type: 'hidden', value: token },
      { name: 'code', label: 'Code', autocomplete: 'one-time-code' },
    ],
    send: async (visit, form) => {
      const given = { code: (form.get('code') ?? '').trim(), mfa_token: token }
      const { access_token, expires_in } = await visit.as.factors.verifyMfa(given)
      return enter(visit, access_token, expires_in, next)
    },
  })
}
