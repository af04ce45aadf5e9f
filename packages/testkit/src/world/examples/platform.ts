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
}
