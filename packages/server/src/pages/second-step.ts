import { html } from '@pawl/core/surfaces'
import { formPage, type SendingPage } from './form-page.ts'
import { type Reply, seeOther } from './layout.ts'
import { nextOf, type Visit } from './visit.ts'

// The step after a first factor: the session, or first a code of the authenticator app.

interface SignIn {
  readonly access_token: { reveal(): string }
  readonly expires_in: number
  readonly mfa_token?: { reveal(): string } | undefined
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

/** Signs the visitor in, or first asks for a code of the authenticator app. `action` is the page that takes the code. */
export async function enterOrAsk(
  visit: Visit,
  { access_token, expires_in, mfa_token }: SignIn,
  next = nextOf(visit.query.get('next')),
  action = visit.here,
): Promise<Reply> {
  return mfa_token
    ? secondStep(mfa_token.reveal(), next, action).show(visit)
    : enter(visit, access_token, expires_in, next)
}

/** The token of the first step is in the form, because a browser keeps URLs in its history. */
export function secondStep(token: string, next: string | null, action: string): SendingPage {
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
