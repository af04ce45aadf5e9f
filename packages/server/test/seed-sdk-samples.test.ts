import { tagged } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { served } from './pages.ts'

// Goal: the samples of seeds 000 (Python) and 003 (TypeScript) for platforms and webhooks work as they are written. Method: the
// requests that the published libraries send for them. Those of Python were recorded from its package, version 0.61.14. Both exchange
// the key first, and send `content-type: application/json` with every request, also without a body.

type Sent = readonly [method: string, path: string, body?: object]

/** A client that holds a key, as the libraries do. */
async function clientOf(url: string, api_key: string) {
  const send = async ([method, path, body]: Sent, bearer?: string) => {
    const headers = new Headers({ 'content-type': 'application/json', accept: '*/*' })
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`)
    const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await answer.text()
    return { status: answer.status, data: text === '' ? null : JSON.parse(text) }
  }
  const { data } = await send(['POST', '/v1/auth/api-key-token', { api_key }])
  return (...sent: Sent) => send(sent, data.access_token)
}

test('the platform and webhook samples of seed 000 work with the key of a person', () =>
  served(async ({ owner, pawl }, url) => {
    const client = await clientOf(url, (await owner.auth.createApiKey({ name: 'key' })).api_key.reveal())
    const app = { name: 'My App', slug: 'my-app', billing_model: 'platform_pays', auth_mode: 'silent' }
    const created = await client('POST', '/v1/platform/apps', app)
    expect(created).toMatchObject({ status: 201, data: { api_key: expect.stringMatching(/^plt_/) } })
    const user = await client('POST', '/v1/platform/users/upsert', { email: 'user@example.com' })
    expect(user.status).toBe(201)
    const at = `/v1/platform/connections/${user.data.connection_id}`
    const made = await client('POST', `${at}/bootstrap`, {})
    expect(made).toMatchObject({
      status: 201,
      data: { claim_url: expect.stringContaining('/connect/my-app/claim/ct_') },
    })
    const { vault_id, agent_api_key } = made.data.summary
    const agent = pawl.as(agent_api_key)
    await agent.secrets.put({ vault_id, path: 'api-keys/openai', value: tagged('sk') })
    for (const path of [`/v1/platform/apps/${created.data.id}/rotate-key`, `${at}/reissue-claim`]) {
      expect((await client('POST', path)).status).toBe(200)
    }
    const events = ['agent.transaction.broadcast', 'proposal.executed']
    const webhook = { url: 'https://example.com/webhook', events, secret: 'whsec_...' }
    expect(await client('POST', '/v1/webhooks', webhook)).toMatchObject({
      status: 201,
      data: { events, secret: 'whsec_...', unknown_events: [] },
    })
  }))

test('the samples of seed 003 work with the key of an app, and with the key of its user', () =>
  served(async ({ owner, pawl }, url) => {
    const { id: app, api_key } = await owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi' })
    const client = await clientOf(url, api_key.reveal())
    const policy = { principal_ref: 'agents.primary', vault_ref: 'vault', paths: ['**'] }
    const spec = {
      vault: { name: 'user-vault' },
      agents: [{ name: 'bot', intents: { enabled: true } }],
      policies: [policy],
    }
    const template = await client('POST', `/v1/platform/apps/${app}/templates`, { name: 'default-template', spec })
    expect(template).toMatchObject({ status: 201, data: { version: 1, spec } })
    const person = { email: 'user@example.com', external_subject: 'tg:12345' }
    const user = await client('POST', '/v1/platform/users/upsert', person)
    const at = `/v1/platform/connections/${user.data.connection_id}`
    const made = await client('POST', `${at}/bootstrap`, { template_id: template.data.id })
    expect(made).toMatchObject({
      status: 201,
      data: {
        claim_url: expect.any(String),
        summary: { agent_id: expect.any(String), agent_api_key: expect.any(String) },
      },
    })
    const asUser = pawl.as({ user: user.data.user_handle })
    const vault = await asUser.vaults.create({ name: 'mine' })
    const { agent } = await asUser.agents.create({ name: 'mine' })
    const userClient = await clientOf(url, (await asUser.auth.createApiKey({ name: 'key' })).api_key.reveal())
    const wanted = { vault_ids: [vault.id], agent_ids: [agent.id] }
    const granted = await userClient('POST', `${at}/grant`, wanted)
    expect(granted).toMatchObject({ status: 201, data: { grants: [{ vault_id: vault.id, permissions: ['read'] }] } })
    expect((await userClient('GET', `${at}/grants`)).data.grants).toEqual(granted.data.grants)
    expect((await client('GET', `${at}/grants`)).data.grants).toEqual(granted.data.grants)
    const revoked = await userClient('DELETE', `${at}/grants/${granted.data.grants[0].id}`)
    expect(revoked).toEqual({ status: 204, data: null })
    expect((await client('POST', `${at}/grant`, wanted)).status).toBe(403)
    const ownerClient = await clientOf(url, (await owner.auth.createApiKey({ name: 'key' })).api_key.reveal())
    const redirect_uris = ['https://myapp.com/callback', 'http://localhost:3000/callback']
    expect(await ownerClient('PATCH', `/v1/platform/apps/${app}`, { redirect_uris })).toMatchObject({
      status: 200,
      data: { redirect_uris },
    })
  }))
