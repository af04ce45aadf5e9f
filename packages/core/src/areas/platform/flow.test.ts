import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../kernel/json.ts'

// Goal: what an app makes for a user is made whole or not at all, belongs to the user, and is claimed once. Method: a whole
// engine in memory, the app by its key, the user by trust.

const minute = 60_000
const spec: Record<string, Json> = {
  vault: { name: 'user-vault', description: 'Auto-provisioned vault' },
  agents: [
    { name: 'defi-bot', intents: { enabled: true }, shroud_enabled: true, shroud_config: { pii_policy: 'redact' } },
    { name: 'reader', description: 'Reads.' },
  ],
  policies: [
    {
      principal_ref: 'agents.primary',
      vault_ref: 'vault',
      paths: ['api-keys/*', 'keys/*'],
      permissions: ['read', 'write'],
    },
    {
      principal_ref: 'agents.reader',
      paths: ['config/**'],
      permissions: ['read'],
      conditions: { ip_allowlist: ['10.0.0.0/8'] },
    },
  ],
}

async function withApp(
  fields: Parameters<Awaited<ReturnType<typeof testPawl>>['owner']['platform']['createApp']>[0] | object = {},
) {
  const world = await testPawl()
  const made = await world.owner.platform.createApp({ name: 'My DeFi Platform', slug: 'my-defi', ...fields })
  const key = made.api_key.reveal()
  const app = world.pawl.as(key)
  const user = async (wanted: object = { email: 'user@example.com', external_subject: 'telegram:1' }) => {
    const upserted = await app.platform.upsertUser(wanted)
    return { ...upserted, as: world.pawl.as({ user: upserted.user_handle }) }
  }
  return { ...world, app, key, app_id: made.id, user }
}

describe('a bootstrap', () => {
  it('makes every agent, and one policy for each path, all of the user', async () => {
    const { app, app_id, user } = await withApp()
    const template = await app.platform.createTemplate({ app_id, name: 'default', spec })
    const { connection_id, user_handle, as } = await user()
    const { summary, claim_url, claim_token, expires_in } = await app.platform.bootstrap({
      connection_id,
      template_id: template.id,
    })
    expect([summary.agent_ids.length, summary.policy_ids.length, expires_in]).toEqual([2, 3, 600])
    expect(claim_token.reveal()).toMatch(/^ct_/)
    expect(claim_url.reveal()).toMatch(/\/connect\/my-defi\/claim\/ct_[\w-]{43}$/)
    const vault = await as.vaults.get({ vault_id: summary.vault_id ?? '' })
    expect(vault).toMatchObject({ name: 'user-vault', created_by: user_handle, platform_locked: true })
    const { agents } = await as.agents.list()
    const [primary, reader] = summary.agent_ids.map((id) => agents.find((agent) => agent.id === id))
    expect(primary).toMatchObject({ name: 'defi-bot', intents_api_enabled: true, shroud_enabled: true })
    expect(reader).toMatchObject({ name: 'reader', platform_locked: true })
    const { policies } = await as.policies.list({ vault_id: vault.id })
    expect(policies.map((one) => one.secret_path_pattern).sort()).toEqual(['api-keys/*', 'config/**', 'keys/*'])
    expect(summary.agent_api_keys.map(({ agent_id }) => agent_id)).toEqual(summary.agent_ids)
  })

  it('gives each agent a key that opens what its policies say', async () => {
    const { app, user, pawl } = await withApp()
    const { connection_id, as } = await user()
    const { summary } = await app.platform.bootstrap({ connection_id })
    const vault_id = summary.vault_id ?? ''
    await as.secrets.put({ vault_id, path: 'keys/one', value: tagged('v1') })
    const agent = pawl.as(summary.agent_api_key?.reveal() ?? '')
    expect((await agent.secrets.get({ vault_id, path: 'keys/one' })).value.reveal()).toBe(tagged('v1'))
  })

  it('is made once for a connection, unless nothing was', async () => {
    const { app, user } = await withApp()
    const { connection_id } = await user()
    await app.platform.bootstrap({ connection_id })
    await expect(app.platform.bootstrap({ connection_id })).rejects.toMatchObject({
      code: 'platform_already_bootstrapped',
    })
  })

  it('is one set of resources, of 50 at once', async () => {
    const { app, user, as } = await (async () => {
      const found = await withApp()
      return { ...found, as: found.owner }
    })()
    const { connection_id } = await user()
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => app.platform.bootstrap({ connection_id })))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const names = (await as.vaults.list()).vaults.map(({ name }) => name)
    expect(names.filter((name) => !name.startsWith('__'))).toEqual(['main'])
    expect((await as.agents.list()).agents).toHaveLength(1)
  })

  it.each(['agent.create', 'policy.create'])('needs the agreement that a policy wants for %s', async (action) => {
    const { app, app_id, owner, member, agent: newAgent, pawl, user } = await withApp()
    const { connection_id, user_handle } = await user()
    const { id: template_id } = await app.platform.createTemplate({ app_id, name: 'default', spec })
    const { id: principal_id } = await newAgent({ name: 'payer', intents_api_enabled: true } as never)
    const { vault_id } = await owner.agents.agentKeysVault({})
    await owner.policies.create({
      ...{ vault_id, secret_path_pattern: '**', permissions: ['read'], principal_type: 'agent', principal_id },
      consensus_trigger: { conditions: [{ type: 'action_in', actions: [action] }], approval: { min_approvals: 1 } },
    } as never)
    const before = await owner.agents.list()
    const call = (approval_id?: string) => {
      const asked = { connection_id, template_id, approval_id }
      return app.platform.bootstrap(asked)
    }
    const refused = await call().catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'approval_required', kind: 'denied' })
    const { approval_request_id: pending_approval_id } = (refused as { data: { approval_request_id: string } }).data
    expect(await owner.agents.list()).toEqual(before)
    const { payload_hash, ...asked } = await owner.consensus.get({ pending_approval_id })
    expect(asked).toMatchObject({
      ...{ submitted_by: user_handle, action, status: 'pending' },
      action_payload: { app_id, connection_id, spec: { agents: [{ name: 'defi-bot' }, { name: 'reader' }] } },
    })
    const { events } = await owner.audit.events({ action: 'pending_approval.create' })
    expect(events).toMatchObject([{ actor_type: 'platform_delegated', actor_id: connection_id }])
    const { as: admin } = await member({ role: 'admin' })
    await admin.consensus.vote({ pending_approval_id, decision: 'approve', payload_hash })
    await admin.consensus.execute({ pending_approval_id })
    const larger = { ...spec, agents: [...(spec.agents as Json[]), { name: 'third' }] }
    await app.platform.updateTemplate({ app_id, template_id, spec: larger })
    await expect(call(pending_approval_id)).rejects.toMatchObject({ code: 'invalid_input' })
    await app.platform.updateTemplate({ app_id, template_id, spec })
    const { summary } = await call(pending_approval_id)
    expect(summary.agent_ids).toHaveLength(2)
    expect(await pawl.as(summary.agent_api_key?.reveal() ?? '').agents.me()).toMatchObject({ name: 'defi-bot' })
  })

  it('answers a call with the same Idempotency-Key alike, with its keys, for a day', async () => {
    const { pawl, key, user, clock } = await withApp()
    const { connection_id } = await user()
    const call = (idempotencyKey: string, more: object = {}) =>
      pawl.as({ bearer: key, idempotencyKey }).platform.bootstrap({ connection_id, ...more })
    const first = await call('once')
    const second = await call('once')
    expect(second.summary.agent_api_key?.reveal()).toBe(first.summary.agent_api_key?.reveal())
    expect(second.claim_token.reveal()).toBe(first.claim_token.reveal())
    await expect(call('once', { parameters: { a: 1 } })).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    await expect(call('another')).rejects.toMatchObject({ code: 'platform_already_bootstrapped' })
    clock.advance(25 * 60 * minute)
    await expect(call('once')).rejects.toMatchObject({ code: 'platform_already_bootstrapped' })
  })

  it('leaves nothing when a part of it cannot be made', async () => {
    const { app, app_id, user, owner } = await withApp()
    await app.platform.createTemplate({
      app_id,
      name: 'broken',
      spec: { ...spec, policies: [{ paths: ['{{params.path}}'] }] },
    })
    const { connection_id } = await user()
    const call = app.platform.bootstrap({ connection_id, parameters: { path: '../up' } })
    await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(app.platform.bootstrap({ connection_id })).rejects.toMatchObject({
      data: { fields: { 'parameters.path': expect.any(String) } },
    })
    expect((await owner.agents.list()).agents).toEqual([])
    expect((await owner.vaults.list()).vaults).toEqual([])
  })

  it('names vaults apart, because all users of an app have the same template', async () => {
    const { app, user, owner } = await withApp()
    for (const email of ['a@example.com', 'b@example.com']) {
      await app.platform.bootstrap({ connection_id: (await user({ email })).connection_id })
    }
    const names = (await owner.vaults.list()).vaults.map(({ name }) => name)
    expect(names.sort()).toEqual(['__agent-keys', 'main', expect.stringMatching(/^main [0-9a-f]{8}$/)])
  })

  it('works for the owner of the only app, without a template (seed 000)', async () => {
    const { owner } = await withApp()
    const { connection_id } = await owner.platform.upsertUser({ email: 'user@example.com' })
    const { summary } = await owner.platform.bootstrap({ connection_id })
    expect([summary.vault_id, summary.agent_id, summary.policy_ids.length]).toEqual([
      ...[expect.any(String), expect.any(String), 1],
    ])
  })

  it('asks the owner of two apps which one is meant', async () => {
    const { owner, app_id } = await withApp()
    await owner.platform.createApp({ name: 'Other', slug: 'other' })
    const user = { email: 'user@example.com' }
    await expect(owner.platform.upsertUser(user)).rejects.toMatchObject({ code: 'denied' })
    expect((await owner.platform.upsertUser({ ...user, app_id })).app_id).toBe(app_id)
  })
})

describe('a template', () => {
  it.each([
    [{ policies: [{}], agents: [{}] }, 'spec.policies.0.vault_ref'],
    [{ policies: [{}], vault: {} }, 'spec.policies.0.principal_ref'],
    [{ vault: {}, agents: [{}], policies: [{ principal_ref: 'agents.nobody' }] }, 'spec.policies.0.principal_ref'],
    [{ vault: {}, agents: [{}], policies: [{ paths: ['../up'] }] }, 'spec.policies.0.paths.0'],
    [{ vault: {}, agents: [{}], policies: [{ permissions: ['own'] }] }, 'spec.policies.0.permissions.0'],
    [
      { vault: {}, agents: [{}], policies: [{ conditions: { ip_allowlist: ['x'] } }] },
      'spec.policies.0.conditions.ip_allowlist[0]',
    ],
    [{ vault: { name: '__agent-keys' } }, 'spec.vault.name'],
    [{ agents: [{ shroud_config: { pii_policy: 'nonsense' } }] }, 'spec.agents.0.shroud_config.pii_policy'],
    [{ agents: [{ intents: { enabled: 'yes' } }] }, 'spec.agents.0.intents_api_enabled'],
    [{ agents: 'one' }, 'spec.agents'],
    [{ agents: [{}], signing_keys: [{ chain: 'ethereum' }] }, 'spec.signing_keys'],
  ])('is refused when it is written: %j', async (bad, field) => {
    const { app, app_id } = await withApp()
    const call = app.platform.createTemplate({ app_id, name: 'bad', spec: bad as never })
    await expect(call).rejects.toMatchObject({ data: { fields: { [field]: expect.any(String) } } })
  })

  it('keeps unknown keys, and has a new version for a new spec only', async () => {
    const { app, app_id } = await withApp()
    const made = await app.platform.createTemplate({ app_id, name: 'x', spec: { ...spec, plan: 'gold' } })
    expect(made).toMatchObject({ version: 1, spec: { plan: 'gold' } })
    const place = { app_id, template_id: made.id }
    expect((await app.platform.updateTemplate({ ...place, name: 'y', spec: made.spec })).version).toBe(1)
    expect((await app.platform.updateTemplate({ ...place, spec: { vault: {} } })).version).toBe(2)
  })

  it('shows what a bootstrap would make, in both spellings, with placeholders replaced', async () => {
    const { app, app_id } = await withApp()
    const { id: template_id } = await app.platform.createTemplate({
      app_id,
      name: 'x',
      spec: {
        vault: { name: '{{subject.external_subject}}' },
        intents: true,
        agents: [{}],
        policies: [{ paths: ['a', 'b'] }],
      },
    })
    const { resolved_spec } = await app.platform.previewTemplate({
      ...{ app_id, template_id },
      subject: { external_subject: 'tg' },
    })
    expect(resolved_spec).toMatchObject({
      vault: { name: 'tg', description: '' },
      agents: [{ name: 'primary', intents_api_enabled: true, intents: { enabled: true } }],
      policies: [{ paths: ['a'], permissions: ['read', 'write'] }, { paths: ['b'] }],
    })
    await expect(app.platform.previewTemplate({ app_id, template_id })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('a user of an app', () => {
  it('is found by what the app calls them, then by their address', async () => {
    const { user } = await withApp()
    const first = await user()
    expect(first).toMatchObject({ is_new: true, email: 'user@example.com' })
    const others = [
      await user({ external_subject: 'telegram:1' }),
      await user({ email: 'USER@example.com' }),
      await user({ email: 'else@example.com', external_subject: 'telegram:1' }),
    ]
    for (const other of others) {
      expect(other).toMatchObject({ is_new: false, connection_id: first.connection_id })
    }
    await expect(user({ email: 'user@example.com', external_subject: 'telegram:2' })).rejects.toMatchObject({
      code: 'external_subject_conflict',
    })
  })

  it('of another organisation must agree first, and every client is told in its own words', async () => {
    const { user, otherOrg } = await withApp()
    const other = await otherOrg()
    const { email } = await other.owner.auth.me()
    const url = `http://127.0.0.1:8210/oauth/authorize?client_id=my-defi&scope=link&login_hint=${encodeURIComponent(email)}`
    await expect(user({ email })).rejects.toMatchObject({
      code: 'link_required',
      data: {
        is_new: false,
        email,
        link_required: {
          ...{ status: 'link_required', reason: 'user_exists_in_other_org', app_slug: 'my-defi', user_email: email },
          ...{ consent_url: url, authorize_url: url, message: expect.stringContaining('consent_url') },
        },
      },
    })
  })

  it('is one of so many, and those who are there stay', async () => {
    const { user, owner, app_id } = await withApp({ max_connected_users: 2 })
    const people = Array.from({ length: 20 }, (_, at) => user({ email: `p${at}@example.com` }))
    const made = (await Promise.allSettled(people)).filter(({ status }) => status === 'fulfilled')
    expect(made).toHaveLength(2)
    await owner.platform.updateApp({ app_id, max_connected_users: 1 })
    expect((await owner.platform.getApp({ app_id })).connected_users).toBe(2)
  })
})

describe('a claim', () => {
  it('is shown, redeemed once, and said to be used or expired from then on', async () => {
    const { app, user, pawl, clock } = await withApp()
    const { connection_id } = await user()
    const { claim_token } = await app.platform.bootstrap({ connection_id })
    const token = claim_token.reveal()
    const { platform } = pawl.as({})
    expect(await platform.previewClaim({ token })).toMatchObject({
      already_claimed: false,
      expired: false,
      policy_count: 1,
    })
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => platform.redeemClaim({ token })))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(platform.redeemClaim({ token })).rejects.toMatchObject({ code: 'claim_used', kind: 'conflict' })
    clock.advance(20 * minute)
    expect(await platform.previewClaim({ token })).toMatchObject({
      already_claimed: true,
      expired: false,
      status: 'claimed',
    })
    await expect(platform.redeemClaim({ token: `ct_${'A'.repeat(43)}` })).rejects.toMatchObject({ kind: 'not_found' })
    await expect(app.platform.reissueClaim({ connection_id })).rejects.toMatchObject({ code: 'claim_used' })
  })

  it('ends after 600 seconds, and a new link ends the one before', async () => {
    const { app, user, pawl, clock } = await withApp()
    const { connection_id } = await user()
    const first = (await app.platform.bootstrap({ connection_id })).claim_token.reveal()
    const { platform } = pawl.as({})
    clock.advance(10 * minute)
    expect(await platform.previewClaim({ token: first })).toMatchObject({ expired: true })
    await expect(platform.redeemClaim({ token: first })).rejects.toMatchObject({ code: 'claim_expired', kind: 'gone' })
    const second = (await app.platform.reissueClaim({ connection_id })).claim_token.reveal()
    await expect(platform.redeemClaim({ token: first })).rejects.toMatchObject({ code: 'claim_not_found' })
    expect(await platform.redeemClaim({ token: second })).toMatchObject({ status: 'claimed', connection_id })
  })

  it('that expires before its user came is told to the app once, and so is the link after it', async () => {
    const { app, app_id, user, pawl, clock } = await withApp()
    const [late, claimed] = [await user({ email: 'a@example.com' }), await user({ email: 'b@example.com' })]
    await app.platform.bootstrap({ connection_id: late.connection_id })
    const { claim_token } = await app.platform.bootstrap({ connection_id: claimed.connection_id })
    await pawl.as({}).platform.redeemClaim({ token: claim_token.reveal() })
    const told = async () => {
      await pawl.runJobs()
      const { events } = await app.platform.listEvents({ app_id })
      return events.filter(({ action }) => action === 'platform.claim.expired').map(({ metadata }) => metadata)
    }
    expect(await told()).toEqual([])
    clock.advance(10 * minute)
    const first = { app_id, connection_id: late.connection_id, user_id: late.user_handle }
    expect(await told()).toEqual([{ ...first, expired_at: '2026-01-01T00:10:00.000Z' }])
    clock.advance(10 * minute)
    expect(await told()).toHaveLength(1)
    await app.platform.reissueClaim({ connection_id: late.connection_id })
    clock.advance(11 * minute)
    expect(await told()).toHaveLength(2)
  })

  it('takes a sign-in of its user where the app says so, for each user where it chooses', async () => {
    const { app, key, user, pawl, member } = await withApp({ auth_mode: 'configurable' })
    const [silent, signing] = [await user({ email: 'a@example.com' }), await user({ email: 'b@example.com' })]
    const claimOf = async (connection_id: string, auth_mode: 'silent' | 'user_signin') =>
      (await app.platform.bootstrap({ connection_id, auth_mode })).claim_token.reveal()
    const [open, closed] = [
      await claimOf(silent.connection_id, 'silent'),
      await claimOf(signing.connection_id, 'user_signin'),
    ]
    await pawl.as({}).platform.redeemClaim({ token: open })
    const other = await member()
    // The app cannot be its own user either: to a public operation, the header says nothing.
    const yes = { delegation_enabled: true, delegation_scopes: ['vaults:write' as const] }
    await signing.as.platform.updateDelegation({ connection_id: signing.connection_id, ...yes })
    const acting = pawl.as({ bearer: key, platformConnection: signing.connection_id })
    for (const visitor of [pawl.as({}), other.as, silent.as, app, acting]) {
      await expect(visitor.platform.redeemClaim({ token: closed })).rejects.toMatchObject({ kind: 'unauthenticated' })
    }
    await signing.as.platform.redeemClaim({ token: closed })
  })

  it('leads only to a site of the app', async () => {
    const { app, user } = await withApp({ redirect_uris: ['https://myapp.com/callback'] })
    const { connection_id } = await user()
    for (const return_to of [
      'https://evil.com/',
      'https://myapp.com.evil.com/',
      'javascript:alert(1)',
      'https://myapp.com@evil.com/',
    ]) {
      await expect(app.platform.bootstrap({ connection_id, return_to })).rejects.toMatchObject({
        data: { fields: { return_to: expect.any(String) } },
      })
    }
    await app.platform.bootstrap({ connection_id, return_to: 'https://myapp.com/welcome' })
  })
})
