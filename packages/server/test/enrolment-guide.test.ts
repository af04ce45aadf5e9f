import { readFileSync } from 'node:fs'
import { createClient } from '@pawl/core/client'
import { parseAddress } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { hasCurl } from '../../../tools/real-parts/curl.ts'
import { startSession } from './cli/session.ts'
import { served } from './pages.ts'

// Goal: what docs/enrolment.md and docs/fleets.md say can be pasted. Method: their blocks are run, one after the other. What
// stands in angle brackets is taken from the answers before.

const blocksOf = (file: string, language: string) => {
  const guide = readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8')
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text)
}

test.skipIf(!hasCurl)('an agent comes by itself: from enrolment to a shared secret', { timeout: 120_000 }, async () => {
  const session = await startSession()
  try {
    const known: Record<string, string> = { 'you@example.com': 'dev@localhost' }
    const run = async (script: string) => {
      const lines = Object.entries(known).reduce((all, [name, value]) => all.replaceAll(name, value), script)
      const answer = await session.shell(lines)
      expect(answer, lines).toMatchObject({ status: 0 })
      return answer.printed
    }
    await run(`printf %s "$DEV_PASSWORD" | pawl login --email dev@localhost
      printf sk-demo | pawl secret set api-keys/openai && printf hidden | pawl secret set db/main`)
    const [byMail = '', byLink = '', allow = '', exchange = '', read = '', share = '', accept = ''] = blocksOf(
      'enrolment.md',
      'sh',
    )
    expect(await run(byMail)).toContain('If this address has an account')
    const asked = JSON.parse(await run(byLink))
    expect(asked).toEqual({
      agent_id: '00000000-0000-0000-0000-000000000000',
      message: expect.any(String),
      approval_url: expect.stringContaining('/agents/enroll/approve?token='),
    })
    const requests = JSON.parse(await run('pawl agent requests --json'))
    known['<request-id>'] = requests.enrollments[0].id
    const allowed = JSON.parse((await run(allow.replace(/\n$/, ' --json'))).replace(/^[^{]*/, ''))
    known['<agent-id>'] = allowed.agent_id
    known['<api-key>'] = allowed.api_key
    const token = JSON.parse(await run(exchange))
    expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 3600, agent_id: allowed.agent_id })
    known['<token>'] = token.access_token
    known['<vault-id>'] = token.vault_ids[0]
    const [list = '', get = ''] = (await run(read)).split('}{').map((text, at) => (at === 0 ? `${text}}` : `{${text}`))
    const { secrets } = JSON.parse(list)
    expect(secrets.map(({ path }: { path: string }) => path)).toEqual(['api-keys/openai', 'api-keys/stripe-key'])
    expect(JSON.parse(get)).toMatchObject({ path: 'api-keys/openai', value: 'sk-demo' })
    known['<secret-id>'] = secrets[0].id
    known['<share-id>'] = JSON.parse(await run(share)).id
    expect(await run(accept)).toMatch(/sk-demo$/)
  } finally {
    await session.stop()
  }
})

test('the lines of seed 004 work through the typed client, in their order', () =>
  served(async (world, url) => {
    const human_email = 'human@example.com'
    const { id } = await world.owner.orgs.addMember({ email: human_email })
    const human = world.pawl.as({ user: id })
    const stranger = createClient({ url })
    const enrolled = await stranger.enrolments.enroll({
      name: 'my-agent',
      human_email,
      description: 'Optional description',
    })
    expect(enrolled.message).not.toBe('')
    const { enrollments } = await human.enrolments.list()
    const made = await human.enrolments.approve({ enrollment_id: enrollments[0]?.id ?? '' })
    const { id: vault_id } = await human.vaults.create({ name: 'prod' })
    await human.secrets.put({ vault_id, path: 'api-keys/openai', value: tagged('sk') })
    const grant = { principal_type: 'agent', principal_id: made.agent_id, permissions: ['read' as const] } as const
    await human.policies.create({ vault_id, secret_path_pattern: 'api-keys/*', ...grant })
    const agent = createClient({ url, apiKey: made.api_key?.reveal() ?? '' })
    const { secrets } = await agent.secrets.list({ vault_id })
    expect(secrets.map(({ path, type, version }) => `${path} (${type}, v${version})`)).toEqual([
      'api-keys/openai (generic, v1)',
    ])
    const secret = await agent.secrets.get({ vault_id, path: 'api-keys/openai' })
    expect(secret.value.reveal()).toBe(tagged('sk'))
    const expires_at = '2026-01-05T00:00:00Z'
    await agent.sharing.create({ secret_id: secret.id, recipient_type: 'creator', expires_at })
    const { shares } = await human.sharing.inbound()
    const share_id = shares[0]?.id ?? ''
    await human.sharing.accept({ share_id })
    expect((await human.sharing.access({ share_id })).value.reveal()).toBe(tagged('sk'))
  }))

test('a fleet of 100 agents behind one address gets its secrets, and new keys', { timeout: 60_000 }, async () => {
  await using world = await testPawl({ rateLimits: true })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const paths = ['web/key', 'queue/key', 'db/reader', 'mail/sender']
  for (const path of paths) await world.owner.secrets.put({ vault_id, path, value: tagged('v') })
  const keys = new Map<string, string>()
  const deliver = async (name: string, key: string) => void keys.set(name, key)
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<void>
  const run = (program = '') =>
    new AsyncFunction('owner', 'vault_id', 'deliver', program)(world.owner, vault_id, deliver)
  const oneAddress = parseAddress('198.51.100.7')
  const readable = async (key: string) => {
    const anybody = world.pawl.as({ bearer: null, ip: oneAddress })
    const { access_token } = await anybody.auth.agentToken({ api_key: key })
    const { secrets } = await world.pawl
      .as({ bearer: access_token.reveal(), ip: oneAddress })
      .secrets.list({ vault_id })
    return secrets.map(({ path }) => path).join(' ')
  }
  const [create, change, rotate] = blocksOf('fleets.md', 'ts')
  await run(create)
  expect(keys.size).toBe(100)
  const all = await Promise.all([...keys.values()].map(readable))
  expect(all.filter((seen) => seen === 'web/key')).toHaveLength(60)
  expect(all.filter((seen) => seen === 'db/reader queue/key')).toHaveLength(40)
  await run(change)
  const old = keys.get('jobs-100') ?? ''
  expect(await readable(old)).toBe('db/reader mail/sender queue/key')
  await run(rotate)
  const renewed = keys.get('jobs-100') ?? ''
  expect(renewed).not.toBe(old)
  for (const key of [old, renewed]) expect(await readable(key)).toContain('mail/sender')
  world.clock.advance(3_600_000)
  await expect(readable(old)).rejects.toMatchObject({ code: 'invalid_key' })
  await readable(renewed)
})
