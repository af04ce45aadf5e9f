import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { tagged } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { cookieIn, pageText, password, send, served } from './pages.ts'

// Goal: seed 004 works as it is written. Method: its curl commands, in its order. Only the address of the server and the
// placeholders are replaced. The human uses the pages. The same lines through the typed client: enrolment-guide.test.ts.

const commands = {
  enroll: String.raw`curl -s -X POST https://api.1claw.xyz/v1/agents/enroll \
-H "Content-Type: application/json" \
-d '{"name":"my-agent","human_email":"human@example.com"}'`,
  enrollByName: String.raw`curl -s -X POST https://api.1claw.xyz/v1/agents/enroll \
-H "Content-Type: application/json" \
-d '{"name":"my-agent"}'`,
  token: String.raw`curl -X POST https://api.1claw.xyz/v1/auth/agent-token \
-H "Content-Type: application/json" \
-d '{
"agent_id": "ec7e0226-30f0-4dda-b169-f060a3502603",
"api_key": "ocv_W3_eYj0BSdTjChKwCKRYuZJacmmhVn4ozWIxHV-zlEs"
}'`,
  list: String.raw`export TOKEN="<agent access_token>"
export VAULT_ID="ae370174-9aee-4b02-ba7c-d1519930c709"
curl -s "https://api.1claw.xyz/v1/vaults/$VAULT_ID/secrets" \
-H "Authorization: Bearer $TOKEN"`,
  get: String.raw`curl -s "https://api.1claw.xyz/v1/vaults/$VAULT_ID/secrets/api-keys/openai" \
-H "Authorization: Bearer $TOKEN"`,
  share: String.raw`curl -s -X POST "https://api.1claw.xyz/v1/secrets/$SECRET_ID/share" \
-H "Authorization: Bearer $TOKEN" \
-H "Content-Type: application/json" \
-d '{"recipient_type":"creator","expires_at":"2026-12-31T00:00:00Z"}'`,
}

/** Runs a command of the seed, and gives its status and body. */
async function curl(command: string, known: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
  const filled = Object.entries(known).reduce((all, [name, value]) => all.replaceAll(name, value), command)
  const script = `curl() { command curl -w '\\n%{http_code}' "$@"; }\n${filled}`
  const child = spawn('bash', ['-c', script], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] })
  const [body = '', status] = (await text(child.stdout)).split(/\n(?=\d{3}$)/)
  return { status: Number(status), json: JSON.parse(body) }
}

test('the curl commands of seed 004 work, in their order', { timeout: 120_000 }, () =>
  served(
    async (world, url) => {
      const known: Record<string, string> = { 'https://api.1claw.xyz': url }
      const env: Record<string, string> = {}
      const run = (command: string) => curl(command, known, env)
      const { id } = await world.owner.orgs.addMember({ email: 'human@example.com', password })
      const human = world.pawl.as({ user: id })
      const cookie = cookieIn(await send(`${url}/login`, { email: 'human@example.com', password }))
      const allow = async (link: string) => {
        expect(await pageText(link, cookie)).toContain('my-agent')
        return (await send(link, { decision: 'yes', mail_key: 'yes' }, { cookie })).text()
      }

      // 0. Enroll: the key is mailed and is not in the answer.
      const enrolled = await run(commands.enroll)
      const nil = '00000000-0000-0000-0000-000000000000'
      expect(enrolled).toEqual({ status: 201, json: { agent_id: nil, message: expect.any(String) } })
      await world.pawl.runJobs()
      const asked = world.mail.sent.at(-1)
      expect(asked?.to).toBe('human@example.com')
      const again = await run(commands.enroll)
      expect([again.status, again.json.detail]).toEqual([429, expect.any(String)])
      await allow(/^http\S+$/m.exec(asked?.text ?? '')?.[0] ?? '')
      await world.pawl.runJobs()
      const mailed = world.mail.sent.at(-1)?.text ?? ''
      const [api_key = ''] = /ocv_[\w-]{43}/.exec(mailed) ?? []
      const [agent] = (await human.agents.list()).agents

      // Name only: the answer has the link.
      const byName = await run(commands.enrollByName)
      expect(byName).toMatchObject({ status: 201, json: { agent_id: nil, approval_url: expect.stringContaining(url) } })
      expect(await allow(byName.json.approval_url)).toMatch(/ocv_[\w-]{43}/)

      // 1. to 4. The human adds a policy, and the agent reads and shares.
      const { id: vault_id } = await human.vaults.create({ name: 'prod' })
      await human.secrets.put({ vault_id, path: 'api-keys/openai', value: tagged('sk') })
      await human.secrets.put({ vault_id, path: 'db/main', value: tagged('hidden') })
      const grant = { principal_type: 'agent', principal_id: agent?.id ?? '', permissions: ['read' as const] } as const
      await human.policies.create({ vault_id, secret_path_pattern: 'api-keys/*', ...grant })
      known['ec7e0226-30f0-4dda-b169-f060a3502603'] = agent?.id ?? ''
      known['ocv_W3_eYj0BSdTjChKwCKRYuZJacmmhVn4ozWIxHV-zlEs'] = api_key
      const token = await run(commands.token)
      expect(token).toMatchObject({ status: 200, json: { token_type: 'Bearer', expires_in: 3600 } })
      known['<agent access_token>'] = token.json.access_token
      known['ae370174-9aee-4b02-ba7c-d1519930c709'] = vault_id
      Object.assign(env, { TOKEN: token.json.access_token, VAULT_ID: vault_id })
      const { json: listed } = await run(commands.list)
      const fields = ['id', 'path', 'type', 'version', 'metadata', 'created_at']
      expect(listed.secrets.map((one: object) => Object.keys(one))).toEqual([expect.arrayContaining(fields)])
      const secret = await run(commands.get)
      expect(secret).toMatchObject({ status: 200, json: { path: 'api-keys/openai', value: tagged('sk'), version: 1 } })
      const denied = await run(commands.get.replace('api-keys/openai', 'db/main'))
      expect([denied.status, denied.json.detail]).toEqual([403, expect.any(String)])
      env.SECRET_ID = secret.json.id
      expect((await run(commands.share)).status).toBe(201)
      expect(await pageText(`${url}/account`, cookie)).toContain('api-keys/openai')
      await human.secrets.delete({ vault_id, path: 'api-keys/openai' })
      expect((await run(commands.get)).status).toBe(410)
    },
    { rateLimits: true },
  ),
)
