import { type Egress, EgressFailed, type EgressRequest } from '@pawl/core/ports'
import { memoryHsm } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldOptions, worldDefaults } from '@pawl/testkit/world'
import { unpluggableHsm } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'

// Goal: who may let an agent call something, with what, and what ends it. Method: a whole engine in memory, whose way
// out notes what would be sent and gets no answer; people with and without the rights.

const token = tagged('sk_live')
const config = { base_url: 'https://api.example.com/v1' }
const someId = '11111111-1111-4111-8111-111111111111'
const http = { name: 'payments', binding_type: 'http' as const, config }

async function bindingWorld(options: WorldOptions = {}) {
  const sent: EgressRequest[] = []
  const egress: Egress = {
    fetch: async (request) => {
      sent.push(request)
      throw new EgressFailed('No answer from api.example.com.')
    },
  }
  const world = await testPawl({ egress, ...options })
  const shop = await world.agent({ name: 'shop', execution_intents_enabled: true })
  const call = () => shop.as.bindings.execute({ agent_id: 'me', binding: 'payments', params: {} })
  const vault = await world.owner.vaults.create({ name: 'prod' })
  const place = { vault_id: vault.id, path: 'stripe/key' }
  const ref = { type: 'vault_ref' as const, ...place }
  return { ...world, sent, shop, call, place, ref }
}

const sentTokens = (sent: readonly EgressRequest[]) => sent.map(({ headers }) => headers.authorization)

describe('a binding', () => {
  it('is shown in the fields of the contract, and never its credential (§19)', async () => {
    const { owner, shop } = await bindingWorld()
    const made = await owner.bindings.create({
      ...http,
      agent_id: shop.id,
      credential_source: { type: 'inline', value: { token } },
    })
    expect(made).toEqual({
      id: expect.any(String),
      agent_id: shop.id,
      binding_type: 'http',
      name: 'payments',
      config: { ...config, auth_type: 'bearer' },
      guardrails: {},
      is_active: true,
      credential_set: true,
      credential_source_type: 'inline',
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
    })
    expect(await owner.bindings.get({ agent_id: shop.id, binding_id: made.id })).toEqual(made)
    expect(await owner.bindings.list({ agent_id: shop.id })).toEqual({ bindings: [made] })
    const taken = owner.bindings.create({ ...http, agent_id: shop.id })
    await expect(taken).rejects.toMatchObject({ kind: 'conflict' })
  })

  it('is made, changed and ended by the humans who run the agent, never by an agent', async () => {
    const { owner, shop, member } = await bindingWorld()
    const { id: binding_id } = await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    const place = { agent_id: shop.id, binding_id }
    const stranger = await member()
    for (const { as } of [shop, stranger]) {
      for (const attempt of [
        as.bindings.create({ ...http, agent_id: shop.id, name: 'mine' }),
        as.bindings.get(place),
        as.bindings.update({ ...place, is_active: false }),
        as.bindings.rotateCredential({ ...place, credential: tagged('another') }),
        as.bindings.test(place),
        as.bindings.delete(place),
      ]) {
        await expect(attempt).rejects.toMatchObject({ kind: expect.stringMatching(/denied|not_found/) })
      }
    }
    await expect(stranger.as.bindings.list({ agent_id: shop.id })).rejects.toMatchObject({ kind: 'not_found' })
  })

  it('writes an audit event for every operation, with the names of changed fields and without their values', async () => {
    const { owner, ownerId, shop, call } = await bindingWorld()
    const { id: binding_id } = await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    const place = { agent_id: shop.id, binding_id }
    await owner.bindings.get(place)
    await owner.bindings.list({ agent_id: shop.id })
    await owner.bindings.update({ ...place, is_active: true, config })
    await owner.bindings.update({ ...place, is_active: true, guardrails: {}, credential: tagged('another') })
    await owner.bindings.rotateCredential({ ...place, credential: tagged('another') })
    await owner.bindings.test(place)
    await call().catch(() => {})
    await owner.bindings.listExecutions({ agent_id: shop.id })
    await owner.bindings.delete(place)
    const { events } = await owner.audit.events({})
    const shown = events
      .filter(({ action }) => action.startsWith('binding.'))
      .map(
        ({ action, actor_id, resource_type, resource_id, details }) =>
          [action, actor_id, resource_type, resource_id, details] as const,
      )
      .reverse()
    const about = { agent_id: shop.id }
    expect(shown.filter(([action]) => !/test|execute|settle/.test(action))).toMatchObject([
      ['binding.create', ownerId, 'binding', binding_id, { ...about, name: 'payments', base_url: config.base_url }],
      ['binding.read', ownerId, 'binding', binding_id, about],
      ['binding.list', ownerId, 'agent', '', about],
      ['binding.update', ownerId, 'binding', binding_id, { ...about, fields: ['config', 'is_active'] }],
      [
        ...['binding.update', ownerId, 'binding', binding_id],
        { ...about, fields: ['credential', 'guardrails', 'is_active'] },
      ],
      ['binding.rotate_credential', ownerId, 'binding', binding_id, about],
      ['binding.executions', ownerId, 'agent', '', about],
      ['binding.delete', ownerId, 'binding', binding_id, about],
    ])
    const called = (name: string) => shown.filter(([action]) => action.startsWith(name))
    expect(called('binding.test')[0]).toMatchObject([
      ...['binding.test', ownerId, 'binding', binding_id],
      { ...about, name: 'payments' },
    ])
    expect(called('binding.settle')[0]).toMatchObject([
      'binding.settle',
      shop.id,
      'binding',
      binding_id,
      { host: 'api.example.com', method: 'GET', status: 'error', http_status: null, redactions: 0 },
    ])
    expect(called('binding.execute')[0]).toMatchObject(['binding.execute', shop.id, 'binding', expect.anything(), {}])
  })

  it.each([
    ['a service that no adapter is there for', { binding_type: 'postgres' }],
    ['no URL', { config: {} }],
    ['a URL with credentials', { config: { base_url: 'https://me:pass@api.example.com' } }],
    ['a URL with dots', { config: { base_url: 'https://api.example.com/%2e%2e%2fx' } }],
    ['no URL, beside a host (M24)', { config: { base_url: '000000', allowed_hosts: ['api.example.org'] } }],
    ['a host that it does not allow itself', { config: { ...config, allowed_hosts: ['api.example.org'] } }],
    ['a limit that is misspelt', { config: { ...config, allowed_path: ['/charges'] } }],
    ['a list that allows nothing', { config: { ...config, allowed_methods: [] } }],
    ['a star inside a path', { config: { ...config, allowed_paths: ['/a/*/b'] } }],
    ['a header without its name', { config: { ...config, auth_type: 'header' } }],
    ['a header that is not for credentials', { config: { ...config, auth_type: 'header', auth_name: 'Host' } }],
    ['guardrails that are none', { guardrails: { max_requests: 3 } }],
    ['a name that is no segment of a path', { name: '../ssh' }],
    ['a credential that is too short', { credential: tagged('').slice(0, 7) }],
    ['an object of many texts as a credential', { credential: { a: token, b: token } }],
    ['a list as a credential', { credential: [token] }],
    ['a path that no call may have', { config: { ...config, allowed_paths: ['/ok', '/a//b'] } }],
    ['a prefix that is no path', { config: { ...config, allowed_paths: ['charges*'] } }],
    ['a password that is no text', { credential: { username: token, password: 1 } }],
    ['one number as a credential', { credential: { token: 1234567890123 } }],
    ['a secret without its path', { credential_source: { type: 'vault_ref', vault_id: someId } }],
    ['a secret without its vault', { credential_source: { type: 'vault_ref', path: 'stripe/key' } }],
    ['a number as a credential', { credential: 1234567890 }],
    ['null inside a credential', { credential: { token: null } }],
    ['a credential that is too long', { credential: token.padEnd(4_097, 'x') }],
    ['a user, a password and more as a credential', { credential: { username: 'u', password: token, more: token } }],
    ['an inline credential without a value', { credential_source: { type: 'inline' } }],
    ['a secret that is not named', { credential_source: { type: 'vault_ref' } }],
  ])('is not made with %s, and the message repeats nothing', async (_, wrong) => {
    const { owner, shop } = await bindingWorld()
    const attempt = owner.bindings.create({ ...http, agent_id: shop.id, credential: token, ...wrong } as never)
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input', message: expect.not.stringContaining(token) })
  })

  it('of another agent stays, with its calls, when an agent is deleted, and no agent sees the calls of another', async () => {
    const { owner, shop, agent, call } = await bindingWorld()
    const other = await agent({ name: 'other', execution_intents_enabled: true })
    for (const { id } of [shop, other]) await owner.bindings.create({ ...http, agent_id: id, credential: token })
    await call()
    await other.as.bindings.execute({ agent_id: 'me', binding: 'payments', params: {} })
    await call()
    const calls = async ({ as }: typeof shop) => (await as.bindings.listExecutions({ agent_id: 'me' })).events
    expect([(await calls(shop)).length, (await calls(other)).length]).toEqual([2, 1])
    await owner.agents.delete({ agent_id: other.id })
    expect(await calls(shop)).toHaveLength(2)
    expect((await owner.bindings.list({ agent_id: shop.id })).bindings).toHaveLength(1)
    expect(await call()).toMatchObject({ error: 'No answer from api.example.com.' })
  })

  it('takes its credential along when it is deleted, and when its agent is', async () => {
    const { owner, shop, storedKinds } = await bindingWorld()
    const before = storedKinds()
    const { id: binding_id } = await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    await owner.bindings.rotateCredential({ agent_id: shop.id, binding_id, credential: tagged('newer') })
    expect(storedKinds().secretVersion).toBe((before.secretVersion ?? 0) + 1)
    await owner.bindings.delete({ agent_id: shop.id, binding_id })
    expect(storedKinds()).toMatchObject({ secretVersion: before.secretVersion, secret: before.secret })
    await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    await shop.as.bindings.execute({ agent_id: 'me', binding: 'payments', params: {} })
    await owner.agents.delete({ agent_id: shop.id })
    expect(storedKinds().secretVersion).toBe(before.secretVersion)
    expect([storedKinds().binding ?? 0, storedKinds().execution ?? 0]).toEqual([0, 0])
  })
})

describe('a credential', () => {
  it('is overwritten when it is rotated, and used from then on', async () => {
    const { owner, shop, sent, call } = await bindingWorld()
    const { id: binding_id } = await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    await call()
    await owner.bindings.rotateCredential({ agent_id: shop.id, binding_id, credential: { value: tagged('newer') } })
    await call()
    expect(sentTokens(sent)).toEqual([`Bearer ${token}`, `Bearer ${tagged('newer')}`])
  })

  it('goes nowhere else by somebody who did not give it', async () => {
    const { owner, shop, member } = await bindingWorld()
    const { id: binding_id } = await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    const admin = await member({ role: 'admin' })
    const moved = { agent_id: shop.id, binding_id, config: { base_url: 'https://evil.example' } }
    await expect(admin.as.bindings.update(moved)).rejects.toMatchObject({ code: 'credential_not_given' })
    await admin.as.bindings.update({ ...moved, credential: tagged('of the admin') })
    await admin.as.bindings.update({ ...moved, config })
    await expect(owner.bindings.update(moved)).rejects.toMatchObject({ code: 'credential_not_given' })
    const source = { type: 'inline' as const, value: tagged('of the owner') }
    expect(await owner.bindings.update({ ...moved, credential_source: source })).toMatchObject({ config: moved.config })
  })

  it('that the HSM cannot open now is no reason to change the binding', async () => {
    const hsm = unpluggableHsm(memoryHsm(worldDefaults))
    const { owner, shop, call } = await bindingWorld({ hsm })
    await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    hsm.unplug()
    await expect(call()).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('is sent for as long as the shorter of the timeouts allows', async () => {
    const { owner, shop, sent, call } = await bindingWorld()
    const patient = { ...config, timeout_ms: 4_000 }
    const { id } = await owner.bindings.create({ ...http, agent_id: shop.id, config: patient, credential: token })
    const test = (timeout_ms?: number) => owner.bindings.test({ agent_id: shop.id, binding_id: id, timeout_ms })
    await test(5)
    await test()
    await call()
    await owner.bindings.update({ agent_id: shop.id, binding_id: id, guardrails: { max_duration_ms: 3_000 } })
    await call()
    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([5, 4_000, 4_000, 3_000])
  })

  it('is not needed: a binding without one goes where any human of the agent says', async () => {
    const { owner, shop, member, call, sent } = await bindingWorld()
    const made = await owner.bindings.create({ ...http, agent_id: shop.id })
    expect(made).toMatchObject({ credential_set: false })
    expect(made).not.toHaveProperty('credential_source_type', expect.anything())
    const admin = await member({ role: 'admin' })
    const place = { agent_id: shop.id, binding_id: made.id }
    await admin.as.bindings.update({ ...place, config: { base_url: 'https://other.example' } })
    await call()
    expect(sent).toMatchObject([{ url: 'https://other.example', headers: { 'accept-encoding': 'identity' } }])
    expect(sentTokens(sent)).toEqual([undefined])
  })

  it.each([
    ['a pair with a short password', `user:${tagged('').slice(0, 7)}`],
    ['a short user without a password', `${tagged('').slice(0, 7)}:`],
    ['no pair', tagged('no-colon')],
  ])('for Basic that is %s is not sent', async (_, value) => {
    const { owner, shop, ref, place, call, sent } = await bindingWorld()
    await owner.secrets.put({ ...place, value })
    const basic = { ...config, auth_type: 'basic' as const }
    await owner.bindings.create({ ...http, agent_id: shop.id, config: basic, credential_source: ref })
    expect(await call()).toMatchObject({ status: 'error', error: expect.stringContaining('credential cannot be used') })
    expect(sent).toEqual([])
  })

  it('for Basic may be a user alone', async () => {
    const { owner, shop, ref, place, call, sent } = await bindingWorld()
    const value = `${token}:`
    await owner.secrets.put({ ...place, value })
    const basic = { ...config, auth_type: 'basic' as const }
    await owner.bindings.create({ ...http, agent_id: shop.id, config: basic, credential_source: ref })
    await call()
    expect(sentTokens(sent)).toEqual([`Basic ${Buffer.from(value).toString('base64')}`])
  })

  it('of a vault is given by nobody who could not read it themselves (D5)', async () => {
    const { owner, member, ref, place } = await bindingWorld()
    await owner.secrets.put({ ...place, value: token })
    const { id, as } = await member()
    const { agent } = await as.agents.create({ name: 'theirs' })
    const give = () => as.bindings.create({ ...http, agent_id: agent.id, credential_source: ref })
    await expect(give()).rejects.toMatchObject({ kind: 'denied' })
    await owner.policies.create({
      vault_id: place.vault_id,
      secret_path_pattern: 'stripe/**',
      principal_type: 'user',
      principal_id: id,
      permissions: ['read'],
    })
    expect(await give()).toMatchObject({ credential_source_type: 'vault_ref', credential_path: place.path })
  })

  it('of a vault is read for each call, with a use taken and an event left', async () => {
    const { owner, shop, ref, place, sent, call } = await bindingWorld()
    await owner.secrets.put({ ...place, value: token })
    await owner.bindings.create({ ...http, agent_id: shop.id, credential_source: ref })
    await call()
    await owner.secrets.put({ ...place, value: tagged('next'), max_access_count: 1 })
    await call()
    expect(await call()).toMatchObject({ status: 'error', error: expect.stringContaining('credential cannot be used') })
    expect(sentTokens(sent)).toEqual([`Bearer ${token}`, `Bearer ${tagged('next')}`])
    const { events } = await owner.audit.events({ action: 'secret.read' })
    expect(events).toMatchObject([2, 1].map((version) => ({ actor_id: shop.id, details: { ...place, version } })))
  })

  it('of a vault is read with the rights that whoever gave it has by then', async () => {
    const { owner, member, pawl, ref, place, sent, org: _, ...world } = await bindingWorld()
    await owner.secrets.put({ ...place, value: token })
    const { id, as } = await member()
    const who = { principal_type: 'user', principal_id: id } as const
    const allow = { vault_id: place.vault_id, secret_path_pattern: '**', ...who, permissions: ['read' as const] }
    const policy = await owner.policies.create(allow)
    const { agent } = await as.agents.create({ name: 'theirs', execution_intents_enabled: true })
    await as.bindings.create({ ...http, agent_id: agent.id, credential_source: ref })
    const call = () =>
      pawl.as({ agent: agent.id }).bindings.execute({ agent_id: 'me', binding: 'payments', params: {} })
    await call()
    expect(sent).toHaveLength(1)
    await owner.policies.delete({ vault_id: place.vault_id, policy_id: policy.id })
    expect(await call()).toMatchObject({ status: 'error', error: expect.stringContaining('credential cannot be used') })
    await owner.policies.create(allow)
    await call()
    await owner.orgs.removeMember({ user_id: id })
    expect(await call()).toMatchObject({ status: 'error', error: expect.stringContaining('credential cannot be used') })
    expect(sent).toHaveLength(2)
    await world.close()
  })

  it('of a vault is no key for an agent that reads none', async () => {
    const { owner, shop, ref, place, call } = await bindingWorld()
    await owner.secrets.put({ ...place, value: token, type: 'private_key' })
    await owner.bindings.create({ ...http, agent_id: shop.id, credential_source: ref })
    await owner.agents.update({ agent_id: shop.id, intents_api_enabled: true })
    expect(await call()).toMatchObject({ status: 'error', error: expect.stringContaining('credential cannot be used') })
    const again = owner.bindings.create({ ...http, name: 'again', agent_id: shop.id, credential_source: ref })
    await expect(again).rejects.toMatchObject({ code: 'key_material_denied' })
  })

  it('that cannot be sent as it is, or taken out of an answer, is not sent', async () => {
    const { owner, shop, ref, place, call, sent } = await bindingWorld()
    const { id: binding_id } = await owner.bindings.create({ ...http, agent_id: shop.id, credential: token })
    for (const value of ['short', `two\r\nlines: ${token}`]) {
      await owner.secrets.put({ ...place, value })
      await owner.bindings.update({ agent_id: shop.id, binding_id, credential_source: ref })
      expect(await call()).toMatchObject({ status: 'error' })
    }
    expect(sent).toEqual([])
  })
})
