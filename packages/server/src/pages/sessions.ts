import { type Html, html } from '@pawl/core/surfaces'
import { type Field, formPage, type Page } from './form-page.ts'
import { identitiesOf, providerLinks, signedOutPage } from './identities.ts'
import { page, type Reply, seeOther } from './layout.ts'
import { nextOf, type Visit } from './visit.ts'

// Signing in and out, and the page where a visitor ends up.

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
  hint: 'At least 12 characters, with an upper-case letter, a lower-case letter, a digit and a symbol.',
})

/** Keeps the visitor signed in, and goes on to where they wanted to go. */
export function enter(visit: Visit, token: { reveal(): string }, lifeSeconds: number): Reply {
  return seeOther(nextOf(visit.query.get('next')) ?? visit.to('/account'), visit.signedIn(token, lifeSeconds))
}

/** Sends the visitor to the sign-in page, which leads back here. */
export function signInFirst({ here, to }: Visit): Reply {
  return seeOther(`${to('/login')}?next=${encodeURIComponent(here)}`)
}

const login = formPage({
  path: '/login',
  title: 'Sign in',
  button: 'Sign in',
  fields: () => [
    emailFieldOf('username'),
    { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  ],
  after: (visit) => otherWays(visit),
  send: async (visit, form) => {
    const given = { email: form.get('email') ?? '', password: form.get('password') ?? '' }
    const { access_token, expires_in } = await visit.as.auth.token(given)
    return enter(visit, access_token, expires_in)
  },
})

function otherWays(visit: Visit): Html {
  const { settings, query, to } = visit
  const next = nextOf(query.get('next'))
  const rest = next === null ? '' : `?next=${encodeURIComponent(next)}`
  return html`${providerLinks(visit, rest)}<p class="quiet">${
    settings.mail &&
    html`<a href="${to('/login/code')}${rest}">Sign in with a code by e-mail</a><br>
<a href="${to('/forgot-password')}">Choose a new password</a><br>`
  }
${settings.signUp !== 'closed' && html`<a href="${to('/sign-up')}">Create an account</a>`}</p>`
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
      const next = nextOf(visit.query.get('next'))
      return seeOther(
        `${visit.to('/login/code')}?email=${encodeURIComponent(email)}${next ? `&next=${encodeURIComponent(next)}` : ''}`,
      )
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
      const { token, expires_in } = await visit.as.accounts.verifyEmailCode(given)
      return enter(visit, token, expires_in)
    },
  })
  const step = ({ query }: Visit) => (query.has('email') ? take : ask)
  return {
    path: '/login/code',
    show: (visit) => step(visit).show(visit),
    send: (visit, form) => step(visit).send?.(visit, form) ?? (ask.show(visit) as Promise<Reply>),
  }
})()

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

const account: Page = {
  path: '/account',
  signedIn: true,
  show: async (visit) => {
    const { as, to } = visit
    const { email, display_name, role } = await as.auth.me()
    return page(
      'Your account',
      html`<dl><dt>E-mail</dt><dd>${email}</dd>${display_name && html`<dt>Name</dt><dd>${display_name}</dd>`}<dt>Role</dt><dd>${role}</dd></dl>
${await identitiesOf(visit)}
<form method="post" action="${to('/logout')}"><button class="second">Sign out</button></form>`,
    )
  },
}

export const sessionPages: readonly Page[] = [login, loginCode, logout, account]
