import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const anybody = { bearer: null }

/** What the owner passes on to decide about a new agent that came with a link. */
async function linked(world: World) {
  const { approval_url = '' } = await world.pawl.as(anybody).enrolments.enroll({ name: 'my-agent' })
  return { who: { user: world.ownerId }, token: new URL(approval_url).searchParams.get('token') ?? '' }
}

export const enrolmentExamples: ExamplesOf<'enrolments'> = {
  enroll: async () => ({ who: anybody, input: { name: 'my-agent', human_email: 'owner@example.com' } }),
  list: async (world) => {
    await world.pawl.as(anybody).enrolments.enroll({ name: 'my-agent', human_email: 'owner@example.com' })
    return { who: { user: world.ownerId }, input: {} }
  },
  show: async (world) => {
    const { who, token } = await linked(world)
    return { who, input: { token } }
  },
  approve: async (world) => {
    const { who, token } = await linked(world)
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    return { who, input: { token, vault_id, secret_path_pattern: 'api-keys/**' } }
  },
  status: async (world) => {
    const public_key = Buffer.from(new Uint8Array(32)).toString('base64')
    const made = await world.pawl.as(anybody).enrolments.enroll({ name: 'my-agent', public_key })
    const token = new URL(made.approval_url ?? '').searchParams.get('token') ?? ''
    await world.owner.enrolments.approve({ token, ...(made.fingerprint && { fingerprint: made.fingerprint }) })
    return {
      who: anybody,
      input: { pairing_id: made.pairing_id ?? '', poll_token: made.poll_token?.reveal() ?? '' },
      isShortLived: true,
    }
  },
  deny: async (world) => {
    const { who, token } = await linked(world)
    return { who, input: { token } }
  },
}
