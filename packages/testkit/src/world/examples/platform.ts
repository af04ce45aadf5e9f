import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

/** An app of the owner, and its key. */
async function withApp({ owner, ownerId }: World) {
  const { id, api_key } = await owner.platform.createApp({ name: 'My DeFi Platform', slug: 'my-defi' })
  return { who: { user: ownerId }, app: api_key.reveal(), app_id: id }
}

const ownApp = async (world: World) => {
  const { who, app_id } = await withApp(world)
  return { who, input: { app_id } }
}

const byItsKey = async (world: World) => {
  const { app, app_id } = await withApp(world)
  return { who: app, input: { app_id } }
}

const spec = {
  vault: { name: 'user-vault', description: 'Auto-provisioned vault' },
  agents: [{ name: 'defi-bot', shroud_enabled: true, shroud_config: { pii_policy: 'redact' } }],
  policies: [{ principal_ref: 'agents.primary', vault_ref: 'vault', paths: ['api-keys/*', 'keys/*'] }],
}

/** A template of an app, by the key of the app. */
const withTemplate = async (world: World) => {
  const { app, app_id } = await withApp(world)
  const platform = world.pawl.as(app).platform
  const { id } = await platform.createTemplate({ app_id, name: 'default-template', spec })
  return { who: app, input: { app_id, template_id: id } }
}

const somebody = { email: 'user@example.com', external_subject: 'telegram:123456789' }

/** A user of an app, before the bootstrap. */
async function withUser(world: World) {
  const { app, app_id } = await withApp(world)
  const { platform } = world.pawl.as(app)
  const { connection_id, user_handle } = await platform.upsertUser(somebody)
  return { app, app_id, connection_id, user_handle, platform, user: { user: user_handle } }
}

/** A user with what a bootstrap makes, and the claim link. */
async function withClaim(world: World) {
  const user = await withUser(world)
  const { connection_id } = user
  const { claim_token, summary } = await user.platform.bootstrap({ connection_id })
  return { ...user, token: claim_token.reveal(), summary }
}

const byApp = async (world: World) => {
  const { app, connection_id } = await withClaim(world)
  return { who: app, input: { connection_id } }
}

const byUser = async (world: World) => {
  const { user, connection_id } = await withClaim(world)
  return { who: user, input: { connection_id } }
}

/** A vault that the user had before, granted to the app. */
async function withGrant(world: World) {
  const found = await withClaim(world)
  const as = world.pawl.as(found.user)
  const { id: vault_id } = await as.vaults.create({ name: 'own' })
  const { grants } = await as.platform.grant({ connection_id: found.connection_id, vault_ids: [vault_id] })
  return { ...found, vault_id, grant_id: grants[0]?.id ?? '' }
}

export const platformExamples: ExamplesOf<'platform'> = {
  createApp: async ({ ownerId }) => ({
    who: { user: ownerId },
    input: {
      name: 'My DeFi Platform',
      slug: 'my-defi',
      redirect_uris: ['https://myapp.com/callback', 'http://localhost:3000/callback'],
    },
  }),
  listApps: async (world) => {
    const { who } = await withApp(world)
    return { who, input: {} }
  },
  getApp: byItsKey,
  updateApp: async (world) => {
    const { who, input } = await ownApp(world)
    return { who, input: { ...input, redirect_uris: ['http://localhost:3000/callback'] } }
  },
  deleteApp: ownApp,
  rotateAppKey: ownApp,
  rotateWebhookSecret: async (world) => {
    const { who, input } = await ownApp(world)
    await world.owner.platform.updateApp({ ...input, webhook_url: 'https://hooks.example.com/pawl' })
    return { who, input }
  },
  appStats: byItsKey,
  createTemplate: async (world) => {
    const { who, input } = await byItsKey(world)
    return { who, input: { ...input, name: 'default-template', spec } }
  },
  listTemplates: byItsKey,
  getTemplate: withTemplate,
  updateTemplate: async (world) => {
    const { who, input } = await withTemplate(world)
    return { who, input: { ...input, is_active: false } }
  },
  deleteTemplate: withTemplate,
  previewTemplate: withTemplate,
  listUsers: async (world) => {
    const { app, app_id } = await withUser(world)
    return { who: app, input: { app_id } }
  },
  listEvents: byItsKey,
  upsertUser: async (world) => ({ who: (await withApp(world)).app, input: somebody }),
  bootstrap: async (world) => {
    const { app, connection_id } = await withUser(world)
    return { who: app, input: { connection_id } }
  },
  reissueClaim: byApp,
  previewClaim: async (world) => ({ who: {}, input: { token: (await withClaim(world)).token }, isShortLived: true }),
  redeemClaim: async (world) => ({ who: {}, input: { token: (await withClaim(world)).token }, isShortLived: true }),
  listConnectedApps: async (world) => ({ who: (await withClaim(world)).user, input: {} }),
  updateDelegation: async (world) => {
    const { who, input } = await byUser(world)
    return { who, input: { ...input, delegation_enabled: true, delegation_scopes: ['agents:read'] } }
  },
  disconnect: byUser,
  grant: async (world) => {
    const { who, input } = await byUser(world)
    const { id } = await world.pawl.as(who).vaults.create({ name: 'own' })
    return { who, input: { ...input, vault_ids: [id] } }
  },
  listGrants: async (world) => {
    const { user, connection_id } = await withGrant(world)
    return { who: user, input: { connection_id } }
  },
  revokeGrant: async (world) => {
    const { user, connection_id, grant_id } = await withGrant(world)
    return { who: user, input: { connection_id, grant_id } }
  },
  createSpendPolicy: async (world) => {
    const { who, input } = await byItsKey(world)
    return { who, input: { ...input, daily_limit_eth: '0.5', allowed_chains: ['ethereum'] } }
  },
  listSpendPolicies: byItsKey,
  deleteSpendPolicy: async (world) => {
    const { who, input } = await byItsKey(world)
    const { id } = await world.pawl.as(who).platform.createSpendPolicy({ ...input, daily_limit_eth: '0.5' })
    return { who, input: { ...input, policy_id: id } }
  },
  setUserSpendPolicy: async (world) => {
    const { who, input } = await byApp(world)
    return { who, input: { ...input, max_transactions_per_day: 10 } }
  },
  ownSpendPolicy: async (world) => {
    const { user, connection_id, platform } = await withUser(world)
    await platform.setUserSpendPolicy({ connection_id, daily_limit_eth: '0.5' })
    return { who: user, input: {} }
  },
  connectionResources: byApp,
  delegationLog: byUser,
}
