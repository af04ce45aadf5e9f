import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const anybody = { bearer: null }
const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const

const asked = ({ pawl }: World) => pawl.as(anybody).logins.request({ client_id: 'cli' })

const userCode = async (world: World) => ({ user_code: (await asked(world)).user_code })

export const loginExamples: ExamplesOf<'logins'> = {
  request: async () => ({ who: anybody, input: { client_id: 'cli', email: 'owner@example.com' } }),
  poll: async (world) => {
    const { device_code, user_code } = await asked(world)
    await world.owner.logins.allow({ user_code })
    return { who: anybody, input: { device_code, grant_type } }
  },
  status: async (world) => ({ who: anybody, input: await userCode(world) }),
  allow: async (world) => ({ who: { user: world.ownerId }, input: await userCode(world), isShortLived: true }),
  deny: async (world) => ({ who: { user: world.ownerId }, input: await userCode(world), isShortLived: true }),
}
