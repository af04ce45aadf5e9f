import { tagged } from '../../src/canary/index.ts'
import type { World } from '../../src/world/index.ts'

const password = tagged('Correct-Horse-7')
const ownEmail = 'owner@example.com'
const member = { email: 'member@example.com', password }

/** A vault whose parts refer to each other as much as they can: every subject made, holds and got something. */
export async function furnish(world: World) {
  const { owner, pawl } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const { id: memberId } = await owner.orgs.addMember(member)
  const agent = await world.agent({ vault: vault_id, execution_intents_enabled: true })
  const asMember = pawl.as({ user: memberId })
  for (const value of ['hunter2-1', 'hunter2-2']) {
    await owner.secrets.put({ vault_id, path: 'db/password', value: tagged(value) })
  }
  const whole = { vault_id, secret_path_pattern: '**', permissions: ['read' as const, 'write' as const] }
  await owner.policies.create({ ...whole, principal_type: 'user', principal_id: memberId })
  const { id: secret_id } = await asMember.secrets.put({ vault_id, path: 'db/url', value: tagged('postgres://') })
  await asMember.agents.create({ name: 'of the member' })
  for (const [name, caller] of Object.entries({ owner, asMember, asAgent: agent.as })) {
    await caller.vaults.create({ name })
    await caller.sharing.create({ secret_id, recipient_type: 'user', recipient_id: memberId })
    await caller.sharing.create({ secret_id, recipient_type: 'agent', recipient_id: agent.id })
  }
  const { id: own } = await agent.as.vaults.create({ name: 'of the agent' })
  for (const as of [agent.as, owner]) await as.secrets.put({ vault_id: own, path: 'a', value: tagged('of the agent') })
  await agent.as.policies.create({ ...whole, vault_id: own, principal_type: 'user', principal_id: memberId })
  // A limited agent creates no vault, so the limit comes after.
  await owner.agents.update({ agent_id: agent.id, vault_ids: [vault_id] })
  await asMember.auth.createApiKey({ name: 'laptop' })
  const accepted = await asMember.sharing.create({ secret_id, recipient_type: 'external_email', email: ownEmail })
  await owner.sharing.accept({ share_id: accepted.id })
  const binding_id = await bind(world, agent.id, { vault_id, path: 'db/url' })
  await signIn(world)
  return { vault_id, agent_id: agent.id, user_id: memberId, binding_id }
}

async function bind({ owner, pawl }: World, agent_id: string, secret: { vault_id: string; path: string }) {
  const config = { base_url: 'https://api.example.com' }
  const http = { agent_id, binding_type: 'http' as const, config, guardrails: { max_requests_per_minute: 60 } }
  const inline = { type: 'inline' as const, value: tagged('sk_live') }
  const { id } = await owner.bindings.create({ ...http, name: 'inline', credential_source: inline })
  await owner.bindings.create({ ...http, name: 'ref', credential_source: { type: 'vault_ref', ...secret } })
  for (const binding of ['inline', 'ref']) {
    const params = { method: 'POST', path: '/charges', body: {} }
    await pawl.as({ agent: agent_id }).bindings.execute({ agent_id, binding, params })
  }
  return id
}

/** A session that ended before its time, and a password that was mistyped. */
async function signIn({ pawl }: World) {
  const anybody = pawl.as({ bearer: null })
  const { access_token } = await anybody.auth.token(member)
  await pawl.as({ bearer: access_token.reveal() }).auth.revoke()
  await anybody.auth.token({ ...member, password: tagged('wrong') }).catch(() => {})
}
