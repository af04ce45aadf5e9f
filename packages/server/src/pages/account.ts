import { type Html, html } from '@pawl/core/surfaces'
import { appsOf } from './connect.ts'
import type { Page } from './form-page.ts'
import { identitiesOf } from './identities.ts'
import { page } from './layout.ts'
import { timeHtml } from './times.ts'
import type { Visit } from './visit.ts'

// The account page of a visitor: their identity, and the requests that wait for them.

const account: Page = {
  path: '/account',
  signedIn: true,
  show: async (visit) => {
    const { as, to } = visit
    const { email, display_name, role } = await as.auth.me()
    return page(
      'Your account',
      html`<dl><dt>E-mail</dt><dd>${email}</dd>${display_name && html`<dt>Name</dt><dd>${display_name}</dd>`}<dt>Role</dt><dd>${role}</dd></dl>
${await agentsHtml(visit)}${await sharesHtml(visit)}${await appsOf(visit)}${await identitiesOf(visit)}
<h2>More</h2>
<p><a href="${to('/cli/verify')}">Sign in a command line with its code</a>${
        visit.settings.mail && html`<br><a href="${to('/forgot-password')}">Choose a new password</a>`
      }</p>
<form method="post" action="${to('/logout')}"><button class="second">Sign out</button></form>`,
    )
  },
}

/** Agents that request an identity from this user. */
async function agentsHtml({ as, to }: Visit): Promise<Html | null> {
  const { enrollments } = await as.enrolments.list()
  if (enrollments.length === 0) return null
  return html`<h2>Agents that ask for access</h2>
<ul>${enrollments.map(
    ({ id, name, requested_at }) =>
      html`<li><a href="${to('/agents/enroll/approve')}?id=${id}">${name}</a> <span class="quiet">${timeHtml(requested_at)}</span></li>\n`,
  )}</ul>`
}

/** Secrets that others shared with this user and that are still readable. */
async function sharesHtml({ as, to }: Visit): Promise<Html | null> {
  const { shares } = await as.sharing.inbound()
  const open = shares.filter(({ is_expired }) => !is_expired)
  if (open.length === 0) return null
  return html`<h2>Shared with you</h2>
<ul>${open.map(
    ({ id, secret_path, expires_at }) =>
      html`<li><a href="${to('/v1/share/')}${id}">${secret_path}</a> <span class="quiet">until ${timeHtml(expires_at)}</span></li>\n`,
  )}</ul>`
}

export const accountPage: readonly Page[] = [account]
