import { isPawlError } from '@pawl/core'
import { type Html, html } from '@pawl/core/surfaces'
import { formPage, type Page } from './form-page.ts'
import { page, type Reply, seeOther } from './layout.ts'
import type { Visit } from './visit.ts'

// An app requests data of the visitor, who allows or denies it. The page shows an error of the request and does not redirect
// the browser: this page must not be an open redirector for a link of a stranger (RFC 9700, section 4.11).

const authorizePath = '/oauth/authorize'

const asked = [
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'nonce',
] as const

/** The request from the URL, as input of the operations. A repeated parameter is refused (RFC 6749, section 3.1). */
function requestIn({ query }: Visit) {
  const given = asked.map((name) => [name, query.getAll(name)] as const).filter(([, values]) => values.length > 0)
  const isTwice = given.some(([, values]) => values.length > 1)
  const request = Object.fromEntries(given.map(([name, [value]]) => [name, value]))
  return { client_id: '', ...request, ...(isTwice && { scope: 'twice' }) } as {
    readonly client_id: string
  } & Partial<Record<(typeof asked)[number], string>>
}

/** The text for each scope. */
const texts: Readonly<Record<string, string>> = {
  openid: 'Know that it is you',
  profile: 'See your name',
  email: 'See your e-mail address',
  wallet: 'See the address of your wallet',
  offline_access: 'Keep this access while you are away, until you take it back',
  link: 'Connect your account, so that it can make vaults and agents for you',
}

async function requestHtml(visit: Visit): Promise<Html> {
  const response_type = visit.query.get('response_type') ?? 'code'
  const [consent, me] = await Promise.all([
    visit.as.oauth.consent({ ...requestIn(visit), response_type }),
    visit.as.auth.me(),
  ])
  const { app_name, scopes, redirect_uri, already_consented } = consent
  const expected = visit.query.get('login_hint')
  const isOther = expected !== null && expected.trim().toLowerCase() !== me.email.toLowerCase()
  return html`<p><b>${app_name}</b> asks to:</p>
<ul>${scopes.map((scope) => html`<li>${texts[scope] ?? scope}</li>\n`)}</ul>
<dl><dt>Your account</dt><dd>${me.email}</dd>
${redirect_uri !== '' && html`<dt>You go on to</dt><dd>${new URL(redirect_uri).host}</dd>`}</dl>
${
  isOther &&
  html`<p class="problem" role="alert">The app expects another account than yours. <a href="${visit.to('/logout')}">Sign out</a></p>`
}
${already_consented && html`<p class="quiet">You allowed this before.</p>`}
<p class="quiet">It gets no secret of yours. You can take it back at any time.</p>`
}

const consent = formPage({
  path: authorizePath,
  signedIn: true,
  title: 'Allow this app?',
  button: 'Allow',
  otherButton: 'Deny',
  before: requestHtml,
  fields: () => [],
  leadsTo: ({ query }) => {
    const place = query.get('redirect_uri')
    return place !== null && URL.canParse(place) ? place : null
  },
  send: async (visit, form) => {
    const approve = form.get('decision') === 'yes'
    const { redirect_url } = await visit.as.oauth.decide({ ...requestIn(visit), approve })
    const place = redirect_url.reveal()
    return { ...seeOther(place), formLeadsTo: place }
  },
})

const authorize: Page = {
  ...consent,
  show: (visit) => orExplained(visit, () => consent.show(visit)),
  send: (visit, form) => orExplained(visit, () => consent.send(visit, form)),
}

/** Shows the error of a request, with a link back to the app if the redirect URI belongs to the app. */
async function orExplained(visit: Visit, work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    if (isPawlError(error, 'oauth_unknown_client', 'oauth_redirect_refused')) return notAsked(error.message, null)
    if (isPawlError(error, 'oauth_refused')) return notAsked(error.message, backUrl(visit, error.data?.error ?? ''))
    throw error
  }
}

function notAsked(text: string, back: string | null): Reply {
  const body = html`<p class="problem" role="alert">${text}</p>
<p>The app made a mistake. You can close this page.</p>
${back && html`<p><a href="${back}">Back to the app</a></p>`}`
  return page('The app cannot ask this', body, { status: 400 })
}

function backUrl({ query, settings }: Visit, error: string): string | null {
  const place = query.get('redirect_uri')
  if (place === null || !URL.canParse(place)) return null
  const url = new URL(place)
  const told = { error, iss: settings.publicUrl, ...(query.has('state') && { state: query.get('state') ?? '' }) }
  for (const [name, value] of Object.entries(told)) url.searchParams.set(name, value)
  return url.href
}

/** The end of a link that leads to no app. */
const linked: Page = {
  path: '/oauth/linked',
  show: ({ to }) =>
    page(
      'Connected',
      html`<p class="done">Your account is connected. You can go back to the app.</p>
<p><a href="${to('/account')}">Your account</a></p>`,
    ),
}

export const oauthPages: readonly Page[] = [authorize, linked]
