import { passwordHint } from '@pawl/core/password-rules'
import { type Html, hasPasskeys, html } from '@pawl/core/surfaces'
import { type Field, formPage, type Page, type SendingPage } from './form-page.ts'
import { providerLinks, signedOutPage } from './identities.ts'
import { page, type Reply, seeOther } from './layout.ts'
import { passkeyForm } from './passkey-form.ts'
import { enter, enterOrAsk, stepOf } from './second-step.ts'
import { escapedQuery, leadingTo, nextOf, type Visit } from './visit.ts'

// Signing in and out.

export const emailFieldOf = (autocomplete: string): Field => ({
  name: 'email',
  label: 'E-mail address',
  type: 'email',
  autocomplete,
})

export const newPasswordField = (name: string): Field => ({
  name,
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
  hint: passwordHint,
})

/** Sends the visitor to the sign-in page, which leads back here. */
export function signInFirst({ here, to }: Visit): Reply {
  return seeOther(leadingTo(to('/login'), nextOf(here) ?? escapedQuery(here)))
}

const password = formPage({
  path: '/login',
  title: 'Sign in',
  button: 'Sign in',
  fields: () => [
    { ...emailFieldOf('username'), focus: true },
    { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  ],
  after: (visit) => otherWays(visit),
  send: async (visit, form) => {
    const given = { email: form.get('email') ?? '', password: form.get('password') ?? '' }
    return enterOrAsk(visit, await visit.as.auth.token(given))
  },
})

/** Runs the second step of a sign-in if the form belongs to it, otherwise the first step. */
function stepSent(visit: Visit, form: URLSearchParams, first: SendingPage): Promise<Reply> {
  const step = stepOf(form, nextOf(visit.query.get('next')), visit.here) ?? first
  return step.send(visit, form)
}

const login: Page = { ...password, send: (visit, form) => stepSent(visit, form, password) }

async function otherWays(visit: Visit): Promise<Html> {
  const { settings, query, to } = visit
  const { signUp } = await visit.currentSettings()
  const next = nextOf(query.get('next'))
  return html`${providerLinks(visit, next)}<p class="quiet">${
    hasPasskeys(settings) && html`<a href="${leadingTo(to('/login/passkey'), next)}">Sign in with a passkey</a><br>`
  }${
    settings.mail &&
    html`<a href="${leadingTo(to('/login/code'), next)}">Sign in with a code by e-mail</a><br>
<a href="${to('/forgot-password')}">Forgot your password?</a><br>`
  }
${signUp !== 'closed' && html`<a href="${to('/sign-up')}">Create an account</a>`}</p>`
}

/** Two steps on one page: the address, then the code that was sent to it. */
const loginCode: Page = (() => {
  const ask = formPage({
    path: '/login/code',
    title: 'Sign in with a code',
    button: 'Send the code',
    fields: () => [emailFieldOf('username')],
    send: async (visit, form) => {
      const email = form.get('email') ?? ''
      await visit.as.accounts.sendEmailCode({ email })
      const taking = `${visit.to('/login/code')}?email=${encodeURIComponent(email)}`
      return seeOther(leadingTo(taking, nextOf(visit.query.get('next'))))
    },
  })
  const take = formPage({
    path: '/login/code',
    title: 'Enter the code',
    button: 'Sign in',
    before: ({ query }) => html`<p>If ${query.get('email')} can sign in here, a code was sent to it.</p>`,
    fields: () => [{ name: 'code', label: 'Code', autocomplete: 'one-time-code', numeric: true }],
    send: async (visit, form) => {
      const given = { email: visit.query.get('email') ?? '', code: form.get('code') ?? '' }
      return enterOrAsk(visit, await visit.as.accounts.verifyEmailCode(given))
    },
  })
  const step = ({ query }: Visit) => (query.has('email') ? take : ask)
  return {
    path: '/login/code',
    show: (visit) => step(visit).show(visit),
    send: (visit, form) => stepSent(visit, form, step(visit)),
  }
})()

const loginPasskey = passkeyForm({
  path: '/login/passkey',
  title: 'Sign in with a passkey',
  before: () => html`<p>No password is needed. The browser shows the passkeys that you have for this site.</p>`,
  begin: ({ as }) => as.factors.beginPasskeySignIn(),
  send: async (visit, signed) => {
    const { access_token, expires_in } = await visit.as.factors.completePasskeySignIn(signed)
    return enter(visit, access_token, expires_in)
  },
})

const logout: Page = {
  path: '/logout',
  show: ({ to }) =>
    page('Sign out', html`<form method="post" action="${to('/logout')}"><button>Sign out</button></form>`),
  send: async (visit) => {
    // A token that has ended needs no revocation.
    if (visit.isSignedIn) await visit.as.auth.revoke().catch(() => {})
    return signedOutPage(visit)
  },
}

export const sessionPages: readonly Page[] = [login, loginCode, loginPasskey, logout]
