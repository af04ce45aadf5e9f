import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { base } from './api.ts'
import { ButtonLink, Empty, Page, ProblemText, Waiting } from './components/index.ts'
import { HomePage } from './pages/home.tsx'
import { Shell } from './shell/shell.tsx'

// Each page is a file that the browser loads when it is first opened.

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Failed })

const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path }) as const

/** A part of the address that is one of a few words, or absent. */
function oneOf<Name extends string, const Word extends string>(name: Name, words: readonly Word[]) {
  return (search: Record<string, unknown>) =>
    (words.includes(search[name] as Word) ? { [name]: search[name] } : {}) as { [N in Name]?: Word }
}

const home = createRoute({ ...at('/'), component: HomePage })

/** Opens the form for a new thing: `?create=true`. */
const creating = (search: Record<string, unknown>): { create?: boolean } => (search.create ? { create: true } : {})

const vaults = createRoute({
  ...at('/vaults'),
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./pages/vaults.tsx'), 'VaultsPage'),
})

const vault = createRoute({
  ...at('/vaults/$vaultId'),
  validateSearch: (search: Record<string, unknown>) => ({
    ...oneOf('tab', ['secrets', 'policies', 'reach', 'deleted', 'settings'])(search),
    ...((typeof search.secret === 'string' ? { secret: search.secret } : {}) as { secret?: string }),
  }),
  component: lazyRouteComponent(() => import('./pages/vault.tsx'), 'VaultPage'),
})

const agents = createRoute({
  ...at('/agents'),
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./pages/agents.tsx'), 'AgentsPage'),
})

const agent = createRoute({
  ...at('/agents/$agentId'),
  validateSearch: oneOf('tab', ['access', 'day', 'limits', 'keys', 'bindings', 'shroud', 'settings']),
  component: lazyRouteComponent(() => import('./pages/agent.tsx'), 'AgentPage'),
})

const ofVault = (search: Record<string, unknown>): { vault?: string } =>
  typeof search.vault === 'string' ? { vault: search.vault } : {}

const reach = createRoute({
  ...at('/reach'),
  validateSearch: ofVault,
  component: lazyRouteComponent(() => import('./pages/reach.tsx'), 'ReachPage'),
})

const policies = createRoute({
  ...at('/policies'),
  validateSearch: ofVault,
  component: lazyRouteComponent(() => import('./pages/policies.tsx'), 'PoliciesPage'),
})

/** `reads`: `all` shows reads without a secret value, too. */
const auditFilters = ['action', 'actor', 'resource', 'vault', 'from', 'to', 'reads'] as const
export type AuditFilters = { readonly [Name in (typeof auditFilters)[number]]?: string }

const audit = createRoute({
  ...at('/audit'),
  validateSearch: (search: Record<string, unknown>): AuditFilters =>
    Object.fromEntries(
      auditFilters.flatMap((name) => (typeof search[name] === 'string' && search[name] ? [[name, search[name]]] : [])),
    ),
  component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
})

const approvals = createRoute({
  ...at('/approvals'),
  validateSearch: oneOf('view', ['waiting', 'decided']),
  component: lazyRouteComponent(() => import('./pages/approvals.tsx'), 'ApprovalsPage'),
})

const shroud = createRoute({
  ...at('/shroud'),
  validateSearch: oneOf('tab', ['traffic', 'threats', 'try']),
  component: lazyRouteComponent(() => import('./pages/shroud.tsx'), 'ShroudPage'),
})

const shares = createRoute({
  ...at('/shares'),
  validateSearch: oneOf('tab', ['in', 'out']),
  component: lazyRouteComponent(() => import('./pages/shares.tsx'), 'SharesPage'),
})

const webhooks = createRoute({
  ...at('/webhooks'),
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./pages/webhooks.tsx'), 'WebhooksPage'),
})

const webhook = createRoute({
  ...at('/webhooks/$webhookId'),
  component: lazyRouteComponent(() => import('./pages/webhook.tsx'), 'WebhookPage'),
})

const apps = createRoute({
  ...at('/apps'),
  component: lazyRouteComponent(() => import('./pages/apps.tsx'), 'AppsPage'),
})

const platform = createRoute({
  ...at('/platform'),
  validateSearch: creating,
  component: lazyRouteComponent(() => import('./pages/platform.tsx'), 'PlatformPage'),
})

const platformApp = createRoute({
  ...at('/platform/$appId'),
  validateSearch: oneOf('tab', ['details', 'templates', 'users', 'audit']),
  component: lazyRouteComponent(() => import('./pages/platform-app.tsx'), 'PlatformAppPage'),
})

const treasury = createRoute({
  ...at('/treasury'),
  validateSearch: oneOf('tab', ['treasuries', 'wallets']),
  component: lazyRouteComponent(() => import('./pages/treasury.tsx'), 'TreasuryPage'),
})

const proposals = createRoute({
  ...at('/treasury/$treasuryId'),
  component: lazyRouteComponent(() => import('./pages/treasury-proposals.tsx'), 'TreasuryProposalsPage'),
})

const risk = createRoute({
  ...at('/risk'),
  validateSearch: oneOf('tab', ['verdicts', 'honeytokens', 'events']),
  component: lazyRouteComponent(() => import('./pages/risk.tsx'), 'RiskPage'),
})

const settings = createRoute({
  ...at('/settings'),
  validateSearch: oneOf('tab', ['account', 'security', 'keys', 'members', 'addresses', 'usage', 'health']),
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
})

const components = createRoute({
  ...at('/components'),
  component: lazyRouteComponent(() => import('./pages/components.tsx'), 'ComponentsPage'),
})

const tree = root.addChildren([
  ...[home, approvals, vaults, vault, shares, agents, agent, shroud, treasury, proposals],
  ...[reach, policies, risk, audit],
  ...[webhooks, webhook, apps, platform, platformApp, settings, components],
])

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    basepath: base,
    defaultPreload: 'intent',
    defaultPendingComponent: Waiting,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

function NotFound() {
  return (
    <Page title="Page not found">
      <div className="card">
        <Empty icon="search" title="This address leads to no page" action={<ButtonLink to="/">Home</ButtonLink>}>
          The link can be old or incomplete.
        </Empty>
      </div>
    </Page>
  )
}

function Failed({ error }: { readonly error: unknown }) {
  return (
    <Page title="This page failed">
      <ProblemText error={error} onRetry={() => location.reload()} />
    </Page>
  )
}
