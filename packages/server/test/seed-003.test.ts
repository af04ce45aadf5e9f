import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { tagged } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { hasCurl } from '../../../tools/real-parts/curl.ts'
import { served } from './pages.ts'

// Goal: seed 003 works as it is written. Method: its curl commands, in its order. Only the address of the server and what it
// says to fill in are replaced. Its commands for transactions belong to the area of intents, and are tested there.

const commands = {
  createApp: String.raw`curl -X POST "https://api.1claw.xyz/v1/platform/apps" \
-H "Authorization: Bearer YOUR_USER_JWT" \
-H "Content-Type: application/json" \
-d '{
"name": "My DeFi Platform",
"slug": "my-defi",
"description": "DeFi automation for end users",
"billing_model": "platform_pays",
"auth_mode": "silent"
}'`,
  createTemplate: String.raw`curl -X POST "https://api.1claw.xyz/v1/platform/apps/APP_ID/templates" \
-H "Authorization: Bearer plt_YOUR_KEY" \
-H "Content-Type: application/json" \
-d '{
"name": "default-template",
"spec": {
"vault": {
"name": "user-vault",
"description": "Auto-provisioned vault"
},
"agents": [{
"name": "defi-bot",
"description": "Automated DeFi agent",
"intents": { "enabled": true },
"shroud_enabled": true,
"shroud_config": {
"pii_policy": "redact",
"enable_secret_redaction": true
}
}],
"policies": [{
"principal_ref": "agents.primary",
"vault_ref": "vault",
"paths": ["api-keys/*", "keys/*"],
"permissions": ["read", "write"],
"conditions": {}
}]
}
}'`,
  upsert: String.raw`curl -X POST "https://api.1claw.xyz/v1/platform/users/upsert" \
-H "Authorization: Bearer plt_YOUR_KEY" \
-H "Content-Type: application/json" \
-d '{
"email": "user@example.com",
"external_subject": "telegram:123456789"
}'`,
  bootstrap: String.raw`curl -X POST "https://api.1claw.xyz/v1/platform/connections/CONNECTION_ID/bootstrap" \
-H "Authorization: Bearer plt_YOUR_KEY" \
-H "Content-Type: application/json" \
-d '{
"template_id": "TEMPLATE_UUID"
}'`,
  reissue: String.raw`curl -X POST "https://api.1claw.xyz/v1/platform/connections/CONNECTION_ID/reissue-claim" \
-H "Authorization: Bearer plt_YOUR_KEY" \
-H "Content-Type: application/json" \
-d '{}'`,
  preview: `curl "https://api.1claw.xyz/v1/platform/claim/ct_TOKEN"`,
  redeem: `curl -X POST "https://api.1claw.xyz/v1/platform/claim/ct_TOKEN"`,
  agentToken: String.raw`curl -X POST "https://api.1claw.xyz/v1/auth/agent-token" \
-H "Content-Type: application/json" \
-d '{
"agent_id": "AGENT_UUID",
"api_key": "ocv_AGENT_API_KEY"
}'`,
  signingKeys: String.raw`curl "https://api.1claw.xyz/v1/agents/AGENT_UUID/signing-keys" \
-H "Authorization: Bearer YOUR_USER_OR_PLATFORM_JWT"`,
  redirects: String.raw`curl -X PATCH "https://api.1claw.xyz/v1/platform/apps/APP_ID" \
-H "Authorization: Bearer YOUR_USER_JWT" \
-H "Content-Type: application/json" \
-d '{
"redirect_uris": [
"https://myapp.com/callback",
"http://localhost:3000/callback"
]
}'`,
  grant: String.raw`curl -X POST "https://api.1claw.xyz/v1/platform/connections/CONNECTION_ID/grant" \
-H "Authorization: Bearer 1ck_USER_KEY" \
-H "Content-Type: application/json" \
-d '{
"vault_ids": ["vault-uuid-1", "vault-uuid-2"],
"agent_ids": ["agent-uuid-1"]
}'`,
  grants: String.raw`curl "https://api.1claw.xyz/v1/platform/connections/CONNECTION_ID/grants" \
-H "Authorization: Bearer 1ck_USER_KEY"`,
  revoke: String.raw`curl -X DELETE "https://api.1claw.xyz/v1/platform/connections/CONNECTION_ID/grants/GRANT_ID" \
-H "Authorization: Bearer 1ck_USER_KEY"`,
  audit: String.raw`curl "https://api.1claw.xyz/v1/platform/apps/APP_ID/audit" \
-H "Authorization: Bearer plt_YOUR_KEY"`,
}

/** The full template of the seed, which also asks for signing keys. */
const fullSpec = {
  vault: { name: 'trading-vault', description: 'Keys and credentials for automated trading' },
  agents: [
    {
      name: 'trade-executor',
      description: 'Executes on-chain trades via Intents API',
      intents: { enabled: true },
      shroud_enabled: true,
      shroud_config: {
        pii_policy: 'redact',
        injection_threshold: 0.7,
        enable_secret_redaction: true,
        allowed_providers: ['openai', 'anthropic'],
        max_requests_per_minute: 60,
        daily_budget_usd: 50,
      },
    },
  ],
  signing_keys: [{ chain: 'ethereum' }, { chain: 'solana' }],
  policies: [
    { principal_ref: 'agents.primary', vault_ref: 'vault', paths: ['keys/*', 'api-keys/*'], permissions: ['read'] },
    { principal_ref: 'agents.primary', vault_ref: 'vault', paths: ['config/**'], permissions: ['read', 'write'] },
  ],
}

test.skipIf(!hasCurl)('the commands of seed 003 work, in their order', { timeout: 120_000 }, () =>
  served(async (world, url) => {
    const known: Record<string, string> = { 'https://api.1claw.xyz': url }
    const run = async (command: string) => {
      const filled = Object.entries(known).reduce((all, [name, value]) => all.replaceAll(name, value), command)
      const child = spawn('bash', ['-c', `curl() { command curl -sS --fail-with-body "$@"; }\n${filled}`])
      const [printed, status] = [text(child.stdout), new Promise((done) => child.once('close', done))]
      expect([await status, await printed], command).toEqual([0, expect.anything()])
      return (await printed) === '' ? null : JSON.parse(await printed)
    }
    const token = async (who: { user: string }) => (await world.pawl.as(who).auth.refresh()).access_token.reveal()
    known.YOUR_USER_JWT = await token({ user: world.ownerId })

    const app = await run(commands.createApp)
    expect(app).toMatchObject({ slug: 'my-defi', billing_model: 'platform_pays', auth_mode: 'silent' })
    Object.assign(known, { APP_ID: app.id, plt_YOUR_KEY: app.api_key })
    const template = await run(commands.createTemplate)
    expect(template).toMatchObject({ name: 'default-template', version: 1 })
    const user = await run(commands.upsert)
    expect(user).toMatchObject({ is_new: true, email: 'user@example.com' })
    known.CONNECTION_ID = user.connection_id
    known.TEMPLATE_UUID = template.id
    const made = await run(commands.bootstrap)
    expect(made.summary).toMatchObject({ policy_ids: [expect.any(String), expect.any(String)], signing_keys: [] })
    const reissued = await run(commands.reissue)
    expect(reissued).toEqual({
      ...{ claim_url: expect.stringContaining('/connect/my-defi/claim/ct_'), claim_token: expect.any(String) },
      ...{ expires_in: 600, connection_id: user.connection_id },
    })
    known.ct_TOKEN = reissued.claim_token
    expect(await run(commands.preview)).toMatchObject({ app_slug: 'my-defi', policy_count: 2, already_claimed: false })
    expect(await run(commands.redeem)).toMatchObject({ status: 'claimed', vault_ids: [made.summary.vault_id] })

    Object.assign(known, { AGENT_UUID: made.summary.agent_id, ocv_AGENT_API_KEY: made.summary.agent_api_key })
    const agent = await run(commands.agentToken)
    expect(agent.vault_ids).toEqual([made.summary.vault_id])
    const asUser = world.pawl.as({ user: user.user_handle })
    await asUser.secrets.put({ vault_id: made.summary.vault_id, path: 'api-keys/openai', value: tagged('sk') })
    await world.pawl.as(agent.access_token).secrets.get({ vault_id: made.summary.vault_id, path: 'api-keys/openai' })
    known.YOUR_USER_OR_PLATFORM_JWT = await token({ user: user.user_handle })
    expect(await run(commands.signingKeys)).toEqual({ keys: [] })
    const byApp = await fetch(`${url}/v1/agents/${made.summary.agent_id}/signing-keys`, {
      headers: { authorization: `Bearer ${app.api_key}` },
    })
    expect(byApp.status).toBe(403)

    expect((await run(commands.redirects)).redirect_uris).toHaveLength(2)
    const own = await Promise.all(['one', 'two'].map((name) => asUser.vaults.create({ name })))
    const { agent: mine } = await asUser.agents.create({ name: 'mine' })
    known['vault-uuid-1'] = own[0]?.id ?? ''
    known['vault-uuid-2'] = own[1]?.id ?? ''
    known['agent-uuid-1'] = mine.id
    known['1ck_USER_KEY'] = (await asUser.auth.createApiKey({ name: 'user key' })).api_key.reveal()
    const granted = await run(commands.grant)
    expect(granted.grants).toHaveLength(2)
    known.GRANT_ID = granted.grants[0].id
    expect((await run(commands.grants)).grants).toHaveLength(2)
    expect(await run(commands.revoke)).toBe(null)
    expect((await run(commands.grants)).grants).toHaveLength(1)
    const { events, total } = await run(commands.audit)
    expect(total).toBe(events.length)
    expect(events.every(({ action }: { action: string }) => action.startsWith('platform.'))).toBe(true)
  }),
)

test('the full template of seed 003 makes signing keys, which the agent sees and the app does not', () =>
  served(async (world) => {
    const { id: app_id, api_key } = await world.owner.platform.createApp({ name: 'x', slug: 'my-defi' })
    const { platform } = world.pawl.as(api_key.reveal())
    await platform.createTemplate({ app_id, name: 'defi-trading-template', spec: JSON.parse(JSON.stringify(fullSpec)) })
    const { connection_id } = await platform.upsertUser({ email: 'user@example.com' })
    const { summary } = await platform.bootstrap({ connection_id })
    expect(summary.signing_key_chains).toEqual(['ethereum', 'solana'])
    expect(summary.signing_keys[0]?.address).toMatch(/^0x[0-9a-fA-F]{40}$/)
    expect(summary.agent_evm_address).toBe(summary.signing_keys[0]?.address)
    expect(summary.policy_ids).toHaveLength(3)
    const agent = world.pawl.as(summary.agent_api_key?.reveal() ?? '')
    const { keys } = await agent.signers.list({ agent_id: 'me' })
    expect(keys.map(({ address }) => address).sort()).toEqual(summary.signing_keys.map(({ address }) => address).sort())
    const keysVault = (await world.owner.vaults.list()).vaults.find(({ name }) => name === '__agent-keys')
    const path = `agents/${summary.agent_id}/chains/ethereum/private_key`
    await expect(world.owner.secrets.get({ vault_id: keysVault?.id ?? '', path })).rejects.toMatchObject({
      kind: 'denied',
    })
    await expect(
      world.owner.signers.export({ agent_id: summary.agent_id ?? '', chain: 'ethereum', auth_confirm: 'x' }),
    ).rejects.toMatchObject({ kind: 'denied' })
  }))
