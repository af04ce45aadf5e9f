import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const password = tagged('Correct-Horse-7')
const anybody = { bearer: null }

const asOwner = async ({ ownerId }: World) => ({ who: { user: ownerId }, input: {} })
const asAnybody = async () => ({ who: anybody, input: {} })

const withPassword = async ({ owner }: World) => {
  const email = 'with-password@example.com'
  const { id } = await owner.orgs.addMember({ email, password })
  return { id, email }
}

export const authExamples: ExamplesOf<'auth'> = {
  token: async (world) => {
    const { email } = await withPassword(world)
    return { who: anybody, input: { email, password } }
  },
  agentToken: async ({ owner }) => {
    const { api_key } = await owner.agents.create({ name: 'ci' })
    return { who: anybody, input: { api_key } }
  },
  apiKeyToken: async ({ owner }) => {
    const { api_key } = await owner.auth.createApiKey({ name: 'laptop' })
    return { who: anybody, input: { api_key } }
  },
  federatedToken: async (world) => {
    const audience = 'https://api.example.com'
    const { key } = await world.agent({ federation_enabled: true, federation_audiences: [audience] })
    // The first token of an engine makes its keys, which serve all tokens.
    return { who: anybody, input: { subject_token: key, audience }, separately: ['federationKeys made'] }
  },
  refresh: asOwner,
  revoke: asOwner,
  me: asOwner,
  updateMe: async ({ ownerId }) => ({ who: { user: ownerId }, input: { display_name: 'Ada' } }),
  deleteMe: async (world) => {
    const { id } = await withPassword(world)
    return { who: { user: id }, input: { confirmation: 'DELETE MY ACCOUNT' } }
  },
  changePassword: async (world) => {
    const { id } = await withPassword(world)
    return { who: { user: id }, input: { current_password: password, new_password: tagged('Battery-Staple-8') } }
  },
  createApiKey: async ({ ownerId }) => ({ who: { user: ownerId }, input: { name: 'laptop' } }),
  listApiKeys: asOwner,
  revokeApiKey: async ({ owner, ownerId }) => {
    const { key } = await owner.auth.createApiKey({ name: 'laptop' })
    return { who: { user: ownerId }, input: { key_id: key.id } }
  },
  jwtPublicKey: asAnybody,
  jwks: asAnybody,
  openidConfiguration: asAnybody,
}
