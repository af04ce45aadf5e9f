import type { IdentityProvider } from '@pawl/core'
import { type Html, html } from '@pawl/core/surfaces'
import { formPage, type Page } from './form-page.ts'
import { page, type Reply, seeOther } from './layout.ts'
import { enterOrAsk } from './second-step.ts'
import { locked } from './unlock.ts'
import { leadingTo, nextOf, problemOf, type Shown, type Visit } from './visit.ts'

// Sign-in with the identity providers of the operator. A provider is another site, and our policy lets no form redirect
// there. So the pages use links.

/** The secret of the sign-in that has begun, in the browser that began it. */
const flowCookie = 'flow'
const flowSeconds = 600
/** The provider that the visitor signed in with, to offer its page for signing out. */
const providerCookie = 'idp'
const providerSeconds = 86_400

const pathOf = ({ name }: IdentityProvider) => `/login/oidc/${name}`

/** The pages of all identity providers. */
export function identityPages({ identityProviders = [] }: Partial<Shown['settings']>): readonly Page[] {
  return identityProviders.flatMap((provider) => [beginPage(provider), callbackPage(provider), linkPage(provider)])
}

/** A link for each provider, for the sign-in page. */
export function providerLinks({ settings, to }: Visit, next: string | null): Html | null {
  const { identityProviders = [] } = settings
  if (identityProviders.length === 0) return null
  return html`<p class="row">${identityProviders.map(
    (one) => html`<a class="button second" href="${leadingTo(to(pathOf(one)), next)}">Sign in with ${one.label}</a>\n`,
  )}</p>`
}

function beginPage(provider: IdentityProvider): Page {
  return {
    path: pathOf(provider),
    show: async (visit) => {
      const next = nextOf(visit.query.get('next'))
      const { authorization_url, browser_secret } = await visit.as.identities.begin({
        provider: provider.name,
        ...(next && { next }),
      })
      return seeOther(authorization_url, visit.keep(flowCookie, browser_secret.reveal(), flowSeconds))
    },
  }
}

/** The provider sends the browser here. Nothing of the address is shown (B18). */
function callbackPage(provider: IdentityProvider): Page {
  return {
    path: `${pathOf(provider)}/callback`,
    show: async (visit) => {
      const forget = visit.keep(flowCookie, null)
      const given = (name: string) => visit.query.get(name) ?? ''
      if (visit.query.has('error')) return notSignedIn(visit, `${provider.label} did not sign you in.`, forget)
      try {
        const { next: wanted, ...entered } = await visit.as.identities.complete({
          provider: provider.name,
          code: given('code'),
          state: given('state'),
          browser_secret: visit.kept(flowCookie) ?? '',
          ...(visit.query.has('iss') && { iss: given('iss') }),
        })
        const used = visit.keep(providerCookie, provider.name, providerSeconds)
        const next = nextOf(wanted)
        // This page takes no form.
        const reply = await enterOrAsk(visit, entered, next, leadingTo(visit.to('/login'), next))
        return { ...reply, headers: [...(reply.headers ?? []), ...used, ...forget] }
      } catch (error) {
        const problem = problemOf(error)
        if (!problem) throw error
        return notSignedIn(visit, problem.text, forget)
      }
    },
  }
}

function notSignedIn({ to }: Visit, text: string, headers: readonly string[]): Reply {
  const body = html`<p class="problem" role="alert">${text}</p>
<p><a class="button" href="${to('/login')}">Sign in</a></p>`
  return page('You are not signed in', body, { status: 400, headers })
}

function linkPage(provider: IdentityProvider): Page {
  const { name, label } = provider
  return formPage({
    path: `${pathOf(provider)}/link`,
    signedIn: true,
    title: `Link ${label}`,
    button: 'Continue',
    before: () => html`<p>From then on, ${label} signs you in to this account.</p>`,
    fields: () => [
      {
        name: 'auth_confirm',
        label: 'Your password',
        type: 'password',
        autocomplete: 'current-password',
        optional: true,
        hint: 'Leave it empty if your account has none.',
      },
    ],
    send: async (visit, form) => {
      const auth_confirm = form.get('auth_confirm')
      const next = visit.to('/account')
      const asked = { provider: name, next, ...(auth_confirm && { auth_confirm }) }
      const { authorization_url, browser_secret } = await visit.as.identities.link(asked)
      const headers = visit.keep(flowCookie, browser_secret.reveal(), flowSeconds)
      return page(`Link ${label}`, html`<p><a class="button" href="${authorization_url}">Go to ${label}</a></p>`, {
        headers,
      })
    },
  })
}

/** The linked identities of the visitor, and links to add more, for the account page. */
export async function identitiesOf({ as, settings, to }: Visit): Promise<Html | null> {
  const { identityProviders = [] } = settings
  if (identityProviders.length === 0) return null
  const { identities } = await as.identities.list()
  const labelOf = (name: string) => identityProviders.find((one) => one.name === name)?.label ?? name
  const others = identityProviders.filter(({ name }) => !identities.some(({ provider }) => provider === name))
  return html`<h2>Sign-in</h2>
<dl>${identities.map(({ provider, email }) => html`<dt>${labelOf(provider)}</dt><dd>${email}</dd>`)}</dl>
<p class="row">${others.map((one) => html`<a class="button second" href="${to(`${pathOf(one)}/link`)}">Link ${one.label}</a>\n`)}</p>`
}

/** The page after signing out here. The provider would still sign the visitor in again without a question. */
export async function signedOutPage(visit: Visit): Promise<Reply> {
  // Clears the browser's data of the session, so that the next user of the browser cannot see it (C10).
  const left = ['clear-site-data', '"cache", "storage"']
  const headers = [...visit.signedOut(), ...visit.keep(providerCookie, null), ...locked(visit), ...left]
  const name = visit.kept(providerCookie)
  const provider = visit.settings.identityProviders?.find((one) => one.name === name)
  const url = provider && (await visit.as.identities.signOutUrl({ provider: provider.name }).catch(() => null))?.url
  if (!provider || !url) return seeOther(visit.to('/login'), headers)
  const body = html`<p class="done">You are signed out here, and still signed in at ${provider.label}.</p>
<p><a class="button" href="${url}">Sign out at ${provider.label} too</a></p>
<p class="quiet"><a href="${visit.to('/login')}">Sign in again</a></p>`
  return page('Signed out', body, { headers })
}
