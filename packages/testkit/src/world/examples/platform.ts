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
}
