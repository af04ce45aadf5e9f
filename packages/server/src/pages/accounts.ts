import { html } from '@pawl/core/surfaces'
import { type Field, type FormPage, failedBy, formPage, type Page } from './form-page.ts'
import { page } from './layout.ts'
import { enter } from './second-step.ts'
import { emailFieldOf, newPasswordField } from './sessions.ts'
import type { Visit } from './visit.ts'

// Pages that create or recover an account. A link in mail only opens a page, and its button uses the token. So a program
// that opens links does not use up the token.

const tokenField = ({ query }: Visit): Field => ({
  name: 'token',
  label: '',
  type: 'hidden',
  value: query.get('token') ?? '',
})

/** A used or expired link never works again, so the page offers a new one. */
const leadingOn =
  (path: string, label: string): NonNullable<FormPage['ended']> =>
  (error, { to }) =>
    error.code === 'link_invalid' || error.code === 'invitation_invalid'
      ? failedBy(error, html`<p><a class="button" href="${to(path)}">${label}</a></p>`)
      : null

const nameField: Field = { name: 'display_name', label: 'Your name (optional)', autocomplete: 'name', optional: true }

const signUpForm = formPage({
  path: '/sign-up',
  title: 'Create an account',
  button: 'Create the account',
  fields: () => [emailFieldOf('username'), nameField, { ...newPasswordField('password'), label: 'Password' }],
  after: ({ to }) => html`<p class="quiet"><a href="${to('/login')}">Sign in to an existing account</a></p>`,
  send: async (visit, form) => {
    const email = form.get('email') ?? ''
    const display_name = form.get('display_name') ?? ''
    await visit.as.accounts.signUp({ email, password: form.get('password') ?? '', display_name })
    return page('Look into your mailbox', html`<p>A message was sent to ${email}. Its link creates the account.</p>`)
  },
})

const signUp: Page = {
  ...signUpForm,
  show: async (visit) => {
    if ((await visit.currentSettings()).signUp !== 'closed') return signUpForm.show(visit)
    return page(
      'Sign-up is closed',
      html`<p>Ask an owner or admin of your organisation for an invitation.</p>
<p class="quiet"><a href="${visit.to('/login')}">Sign in to an existing account</a></p>`,
    )
  },
}

const verifyEmail = formPage({
  path: '/verify-email',
  title: 'Confirm your address',
  button: 'Create the account',
  before: () => html`<p>This creates your account and signs you in. Continue only if you requested the account.</p>`,
  fields: (visit) => [tokenField(visit)],
  ended: leadingOn('/sign-up', 'Create an account'),
  send: async (visit, form) => {
    const { access_token, expires_in } = await visit.as.accounts.verifyEmail({ token: form.get('token') ?? '' })
    return enter(visit, access_token, expires_in ?? 0)
  },
})

const forgotPassword = formPage({
  path: '/forgot-password',
  title: 'Choose a new password',
  button: 'Send the link',
  before: () => html`<p>A link to a page for a new password goes to your mailbox.</p>`,
  fields: () => [emailFieldOf('username')],
  send: async (visit, form) => {
    const { message } = await visit.as.accounts.forgotPassword({ email: form.get('email') ?? '' })
    return page('Look into your mailbox', html`<p>${message}</p>`)
  },
})

const resetPassword = formPage({
  path: '/reset-password',
  title: 'Choose a new password',
  button: 'Change the password',
  fields: (visit) => [tokenField(visit), newPasswordField('new_password')],
  ended: leadingOn('/forgot-password', 'Ask for a new link'),
  send: async (visit, form) => {
    const given = { token: form.get('token') ?? '', new_password: form.get('new_password') ?? '' }
    const { message } = await visit.as.accounts.resetPassword(given)
    return page(
      'Password changed',
      html`<p class="done">${message}</p><p><a class="button" href="${visit.to('/login')}">Sign in</a></p>`,
    )
  },
})

const acceptInvitation = formPage({
  path: '/accept-invitation',
  title: 'Accept the invitation',
  button: 'Create the account',
  before: () => html`<p>Choose a password. Then you can sign in to the organisation that invited you.</p>`,
  ended: leadingOn('/login', 'Sign in'),
  fields: (visit) => [tokenField(visit), nameField, { ...newPasswordField('password'), label: 'Password' }],
  send: async (visit, form) => {
    const [token = '', password = '', display_name = ''] = ['token', 'password', 'display_name'].map(
      (name) => form.get(name) ?? '',
    )
    const { email } = await visit.as.orgs.acceptInvitation({ token, password, display_name })
    return page(
      'You are a member',
      html`<p class="done">You can sign in as ${email} now.</p><p><a class="button" href="${visit.to('/login')}">Sign in</a></p>`,
    )
  },
})

export const accountPages: readonly Page[] = [signUp, verifyEmail, forgotPassword, resetPassword, acceptInvitation]
