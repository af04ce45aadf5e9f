import { type Html, html } from '@pawl/core/surfaces'
import { type Field, formPage, type Page } from './form-page.ts'
import { page, type Reply, seeOther } from './layout.ts'
import { signInFirst } from './sessions.ts'
import type { Visit } from './visit.ts'

// A platform app and its user. The user claims what the app made, grants the app access to more, and revokes it. The app's
// description of itself is shown as text. No link of an app leads from here to a URL that the app has not registered.

/** A part of the path, counted from its end. */
function partOf({ here }: Visit, fromEnd: number): string {
  const parts = here.split('?')[0]?.split('/') ?? []
  return decodeURIComponent(parts.at(-fromEnd) ?? '')
}

// --- The claim

const claimPath = '/connect/{slug}/claim/{token}'

const claimForm = formPage({
  path: claimPath,
  title: 'This was made for you',
  button: 'Claim',
  before: async (visit) => {
    const { app_name, vault_ids, agent_ids, policy_count } = await previewOf(visit)
    return html`<p><b>${app_name}</b> made this for you:</p>
<ul><li>${counted(vault_ids.length, 'vault')}</li><li>${counted(agent_ids.length, 'agent')}</li>
<li>${counted(policy_count, 'policy', 'policies')} for the agents</li></ul>
<p class="quiet">It is yours. The app cannot read the secrets in your vault.</p>`
  },
  fields: () => [],
  send: async (visit) => {
    const { return_to } = await visit.as.platform.redeemClaim({ token: partOf(visit, 1) })
    return claimed(visit, return_to)
  },
})

const claim: Page = {
  path: claimPath,
  show: async (visit) => {
    const { app_name, already_claimed, expired, return_to, auth_mode } = await previewOf(visit)
    if (already_claimed) return claimed(visit, return_to)
    if (expired) {
      return page('The link has expired', html`<p>Ask ${app_name} for a new one.</p>`, { status: 410 })
    }
    if (auth_mode === 'user_signin' && !visit.isSignedIn) return signInFirst(visit)
    return claimForm.show(visit)
  },
  send: claimForm.send,
}

function previewOf(visit: Visit) {
  return visit.as.platform.previewClaim({ token: partOf(visit, 1) })
}

function claimed({ to }: Visit, returnTo: string | null): Reply {
  return page(
    'It is yours',
    html`<p class="done">You can find it in your account.</p>
<p>${returnTo !== null && html`<a href="${returnTo}">Back to the app</a><br>`}<a href="${to('/account')}">Your account</a></p>`,
  )
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count === 0 ? 'No' : count} ${count === 1 ? one : many}`
}

// --- The grant

async function appOf(visit: Visit) {
  const { apps } = await visit.as.platform.listConnectedApps()
  const found = apps.find(({ connection_id }) => connection_id === visit.query.get('connection'))
  return found?.app_slug === partOf(visit, 2).toLowerCase() ? found : null
}

/** The agents and vaults of the visitor, without the vaults of the engine. */
async function ownOf({ as }: Visit) {
  const [me, { vaults }, { agents }] = await Promise.all([as.auth.me(), as.vaults.list(), as.agents.list()])
  const own = vaults.filter(({ created_by, name }) => created_by === me.id && !name.startsWith('__'))
  return { vaults: own, agents: me.role === 'member' ? agents : [] }
}

async function grantFields(visit: Visit): Promise<Field[]> {
  const { vaults, agents } = await ownOf(visit)
  return [
    ...vaults.map(({ id, name }): Field => ({ name: `vault ${id}`, label: `Vault ${name}`, type: 'checkbox' })),
    ...agents.map(({ id, name }): Field => ({ name: `agent ${id}`, label: `Agent ${name}`, type: 'checkbox' })),
    {
      name: 'paths',
      label: 'Paths in these vaults',
      value: '**',
      hint: 'For example api-keys/*. * matches within one part of a path, and ** matches everything.',
    },
    { name: 'write', label: 'It can also write', type: 'checkbox' },
    { name: 'act', label: 'It can start now', type: 'checkbox', value: 'yes' },
  ]
}

const grant = formPage({
  path: '/connect/{slug}/grant',
  signedIn: true,
  title: 'Share with this app?',
  button: 'Share',
  before: async (visit) => {
    const app = await appOf(visit)
    if (!app) return html`<p class="problem" role="alert">You are not connected to this app.</p>`
    return html`<p>Choose what <b>${app.app_name}</b> can use. You can take it back at any time.</p>`
  },
  fields: grantFields,
  send: async (visit, form) => {
    const app = await appOf(visit)
    if (!app) return page('You are not connected', html`<p>Ask the app for a new link.</p>`, { status: 404 })
    const { connection_id } = app
    const permissions = form.has('write') ? (['read', 'write', 'rotate', 'delete'] as const) : (['read'] as const)
    const paths = (form.get('paths') ?? '').split(/[\s,]+/).filter((path) => path !== '')
    await visit.as.platform.grant({
      connection_id,
      vault_ids: chosen(form, 'vault'),
      agent_ids: chosen(form, 'agent'),
      allowed_paths: paths.length > 0 ? paths : ['**'],
      permissions: [...permissions],
    })
    if (form.has('act')) await letAct(visit, app, form.has('write'))
    return seeOther(visit.to(appsPath))
  },
})

function chosen(form: URLSearchParams, what: string): string[] {
  return [...form.keys()].filter((name) => name.startsWith(`${what} `)).map((name) => name.slice(what.length + 1))
}

type ConnectedApp = NonNullable<Awaited<ReturnType<typeof appOf>>>
type Scopes = NonNullable<Parameters<Visit['as']['platform']['updateDelegation']>[0]['delegation_scopes']>

/** Lets the app act for the user, because a grant has no effect without that. */
async function letAct({ as }: Visit, { connection_id, delegation_scopes }: ConnectedApp, isWriting: boolean) {
  const wanted = ['vaults:read', 'agents:read', 'secrets:read', ...(isWriting ? ['secrets:write'] : [])]
  const scopes = [...new Set([...delegation_scopes, ...wanted])] as Scopes
  await as.platform.updateDelegation({ connection_id, delegation_enabled: true, delegation_scopes: scopes })
}

// --- The apps of the visitor

const appsPath = '/account/apps'

const apps: Page = {
  path: appsPath,
  signedIn: true,
  show: async (visit) => {
    const connected = (await visit.as.platform.listConnectedApps()).apps
    if (connected.length === 0) return page('Connected apps', html`<p>You are not connected to any app.</p>`)
    const shown = await Promise.all(connected.map((app) => appHtml(visit, app)))
    return page('Connected apps', html`${shown}<p><a href="${visit.to('/account')}">Your account</a></p>`)
  },
  send: async (visit, form) => {
    const connection_id = form.get('connection_id') ?? ''
    const grant_id = form.get('grant_id')
    const { platform } = visit.as
    if (grant_id) await platform.revokeGrant({ connection_id, grant_id })
    else if (form.get('action') === 'stop')
      await platform.updateDelegation({ connection_id, delegation_enabled: false })
    else if (form.get('action') === 'disconnect') await platform.disconnect({ connection_id })
    return seeOther(visit.to(appsPath))
  },
}

async function appHtml(visit: Visit, app: ConnectedApp): Promise<Html> {
  const { connection_id, app_name, app_slug, delegation_enabled } = app
  const { grants } = await visit.as.platform.listGrants({ connection_id })
  const { vaults } = await visit.as.vaults.list()
  const nameOf = (id: string) => vaults.find((vault) => vault.id === id)?.name ?? id
  const button = (text: string, fields: Readonly<Record<string, string>>) =>
    html`<form method="post" action="${visit.to(appsPath)}">${Object.entries({ connection_id, ...fields }).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    )}<button class="second">${text}</button></form>`
  return html`<h2>${app_name}</h2>
<p>${delegation_enabled ? 'It can act for you.' : 'It cannot act for you.'} It shares ${counted(grants.length, 'vault')} of yours.</p>
${grants.map(
  ({ id, vault_id, permissions, allowed_paths }) =>
    html`<p>${nameOf(vault_id)}: ${permissions.join(', ')} <span class="quiet">${allowed_paths.join(', ')}</span></p>
${button('Take back', { grant_id: id })}`,
)}
<p><a href="${visit.to(`/connect/${app_slug}/grant`)}?connection=${connection_id}">Share more</a></p>
${delegation_enabled && button('Stop it from acting for you', { action: 'stop' })}
${button('Disconnect', { action: 'disconnect' })}
`
}

/** A link to the apps, for the account page. */
export async function appsOf({ as, to }: Visit): Promise<Html | null> {
  const connected = (await as.platform.listConnectedApps()).apps
  if (connected.length === 0) return null
  return html`<h2>Connected apps</h2>
<p><a href="${to(appsPath)}">${connected.map(({ app_name }) => app_name).join(', ')}</a></p>`
}

export const connectPages: readonly Page[] = [claim, grant, apps]
