import { examples, sentIn } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { password, served } from './pages.ts'

// Goal: the samples of seed 000 for signing in, vaults, secrets, agents, policies and errors work as they are written, in their
// order. Method: the requests that the Python client sends for them (core.md sections 1, 3 and 5). It names JSON as the type of
// each request, exchanges a key once, and sends `description: ""` where none is given.

const json = { 'content-type': 'application/json', accept: '*/*' }

/** `create_client(...)`: it has a token, exchanges a key for one, or has none. */
async function createClient(url: string, given: { token?: string; api_key?: string } = {}) {
  let bearer = given.token
  let resolvedAgentId: string | undefined
  const request = async (method: string, path: string, body?: object) => {
    const headers = { ...json, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) }
    const answer = await fetch(`${url}/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await answer.text()
    return { status: answer.status, data: text === '' ? null : JSON.parse(text) }
  }
  const use = (token: string) => {
    bearer = token
  }
  if (given.api_key) {
    const path = given.api_key.startsWith('ocv_') ? '/auth/agent-token' : '/auth/api-key-token'
    const { data } = await request('POST', path, { api_key: given.api_key })
    use(data.access_token)
    resolvedAgentId = data.agent_id
  }
  return { request, use, resolvedAgentId }
}

test('the samples of seed 000 for people and secrets work in their order, as the Python client sends them', () =>
  served(async (world, url) => {
    const { owner, pawl } = world
    const email = 'user@example.com'
    await owner.orgs.addMember({ email, password, role: 'admin' })

    // create_client(api_key="ocv_..."), client.resolved_agent_id, and the same with dpop=True, which sends nothing more
    const bot = await world.agent()
    expect((await createClient(url, { api_key: bot.key })).resolvedAgentId).toBe(bot.id)
    // create_client(api_key="1ck_...")
    const { api_key } = await owner.auth.createApiKey({ name: 'key' })
    const byKey = await createClient(url, { api_key: api_key.reveal() })
    expect((await byKey.request('GET', '/auth/me')).data.email).toBe('owner@example.com')
    // client.auth.login(...)
    const client = await createClient(url)
    const login = await client.request('POST', '/auth/token', { email, password })
    expect(login).toMatchObject({ status: 200, data: { token_type: 'Bearer', expires_in: 900 } })
    client.use(login.data.access_token)
    // create_client(token="eyJ...")
    const byToken = await createClient(url, { token: login.data.access_token })
    expect((await byToken.request('GET', '/auth/me')).data.email).toBe(email)

    // client.vaults.create(...), list()
    const vault = await client.request('POST', '/vaults', { name: 'my-vault', description: 'Production secrets' })
    expect(vault.status).toBe(201)
    expect((await client.request('GET', '/vaults')).data.vaults.map((one: { name: string }) => one.name)).toContain(
      'my-vault',
    )
    // client.secrets.set, get, rotate_generate, list_versions
    const at = `/vaults/${vault.data.id}`
    const secret = { type: 'generic', value: 'sk-secret-value' }
    expect((await client.request('PUT', `${at}/secrets/api-key`, secret)).status).toBe(201)
    expect((await client.request('GET', `${at}/secrets/api-key`)).data.value).toBe('sk-secret-value')
    const rotated = await client.request('POST', `${at}/secret-rotate/api-key`, { length: 64, charset: 'base64' })
    expect([rotated.status, 'value' in rotated.data]).toEqual([201, false])
    expect((await client.request('GET', `${at}/secrets/api-key`)).data.value).toHaveLength(64)
    const versions = await client.request('GET', `${at}/secret-versions/api-key`)
    expect(versions.data.versions.map((one: { version: number }) => one.version)).toEqual([2, 1])

    // client.agents.create, enroll
    const made = await client.request('POST', '/agents', { name: 'my-agent', description: 'CI/CD bot' })
    expect(made).toMatchObject({ status: 201, data: { agent: { name: 'my-agent' }, api_key: expect.any(String) } })
    const enrolment = { name: 'my-agent', human_email: 'admin@example.com', description: '' }
    expect((await (await createClient(url)).request('POST', '/agents/enroll', enrolment)).status).toBe(201)
    // client.policies.create
    const policy = { secret_path_pattern: 'production/*', principal_type: 'agent', permissions: ['read'] }
    const wanted = { ...policy, principal_id: made.data.agent.id }
    expect((await client.request('POST', `${at}/policies`, wanted)).status).toBe(201)
    await client.request('PUT', `${at}/secrets/production/db`, secret)
    const agent = await createClient(url, { api_key: made.data.api_key })
    expect((await agent.request('GET', `${at}/secrets/production/db`)).data.value).toBe('sk-secret-value')
    expect((await agent.request('GET', `${at}/secrets/api-key`)).status).toBe(403)

    // client.auth.send_email_otp, verify_email_otp, social_login
    const other = await createClient(url)
    expect(await other.request('POST', '/auth/email-otp/send', { email })).toEqual({
      status: 200,
      data: { status: 'sent' },
    })
    await pawl.runJobs()
    const verified = await other.request('POST', '/auth/email-otp/verify', { email, code: sentIn(world) })
    expect(verified).toMatchObject({
      status: 200,
      data: { is_new: false, is_new_user: false, user_id: expect.any(String) },
    })
    other.use(verified.data.access_token)
    expect((await other.request('GET', '/auth/me')).data.email).toBe(email)
    const { input: social } = await examples.identities.socialLogin(world)
    const entered = await (await createClient(url)).request('POST', '/auth/social-login', social)
    expect(entered).toMatchObject({ status: 201, data: { is_new: true, token_type: 'Bearer' } })

    // client.vaults.get("nonexistent-id"): an error with a message, and the classes of the client
    expect(await agent.request('GET', '/vaults/nonexistent-id')).toMatchObject({
      status: 404,
      data: { status: 404, detail: expect.any(String) },
    })
    const stranger = await createClient(url, { token: 'eyJ...' })
    expect((await stranger.request('GET', '/vaults/bad-id')).status).toBe(401)
  }))
