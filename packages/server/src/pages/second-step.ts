import { html } from '@pawl/core/surfaces'
import { formPage, type SendingPage } from './form-page.ts'
import { type Reply, seeOther } from './layout.ts'
import { nextOf, type Visit } from './visit.ts'

// What follows a first factor: the session, or a code of the authenticator app first.

interface SignIn {
  readonly access_token: { reveal(): string }
  readonly expires_in: number
  readonly mfa_token?: { reveal(): string } | undefined
}

/** Keeps the visitor signed in, and goes on to where they wanted to go. */
export function enter(
  visit: Visit,
  token: { reveal(): string },
  lifeSeconds: number,
  next = nextOf(visit.query.get('next')),
): Reply {
  return seeOther(next ?? visit.home, visit.signedIn(token, lifeSeconds))
}

/** The visitor is in, or gives a code of their authenticator app first. `action` is a page that takes the code. */
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

/** The token of the first step travels in the form, because a URL is kept in histories. */
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
