import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pawl } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { localCommands } from '../src/mcp/commands.ts'

// Goal: what docs/using-secrets-unseen.md says can be pasted. Method: its blocks are run.

const guide = readFileSync(new URL('../../../docs/using-secrets-unseen.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text)

test('the binding of the guide is made, and leads where it says', async () => {
  await using world = await testPawl()
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id, path: 'payments/key', value: tagged('sk_live') })
  const { id: agent_id, as } = await world.agent()
  const [program = ''] = blocks('ts')
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (pawl: ReturnType<Pawl['as']>, agentId: string, vaultId: string) => Promise<void>
  await new AsyncFunction('pawl', 'agent_id', 'vault_id', program)(world.owner, agent_id, vault_id)

  const { call, ...params } = JSON.parse(blocks('json')[0] ?? '')
  const called = await as.bindings.execute({ agent_id: 'me', binding: call, params })
  expect(called).toMatchObject({ status: 'error', error: expect.stringContaining('PAWL_EGRESS_ALLOW') })
})

test('the file of the guide names a program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-guide-'))
  const file = join(folder, 'commands.json')
  writeFileSync(file, blocks('json')[1] ?? '', { mode: 0o600 })
  const { tools } = await localCommands(file)
  rmSync(folder, { recursive: true })
  expect(tools).toMatchObject([{ inputSchema: { properties: { command: { enum: ['deploy'] } } } }])
})
