import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Check, diagnose, openPawl, readConfig, start } from '../../host/index.ts'
import { main } from '../program.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const env = () => ({ PAWL_DATA_DIR: join(folder, 'data'), PAWL_PORT: '0' })
const database = () => join(folder, 'data', 'vault.db')

async function doctor(...args: string[]) {
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const terminal = { env: env(), isColoured: false, out: say, error: say, stopped: async () => {} }
  return { status: await main(['doctor', ...args], terminal), lines }
}

async function usedVault(): Promise<void> {
  const pawl = await openPawl(readConfig(env()))
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  const owner = pawl.as({ user })
  const { id } = await owner.vaults.create({ name: 'prod' })
  await owner.secrets.put({ vault_id: id, path: 'a', value: tagged('hunter2') })
  const expires_at = new Date(Date.now() + 5 * 86_400_000).toISOString()
  await owner.agents.create({ name: 'short', expires_at })
  // What `pawl login` makes (N5).
  await owner.auth.createApiKey({ name: 'pawl on laptop', expires_at })
  await pawl.close()
}

const lineOf = (lines: readonly string[], name: string) => lines.find((line) => line.slice(6).startsWith(name))

async function verdictOf(name: string, now?: number): Promise<Check | undefined> {
  return (await diagnose(readConfig(env()), now)).find((check) => check.name === name)
}

test('pawl doctor says what a server without mail refuses, and what to do instead', async () => {
  await usedVault()
  expect(await verdictOf('mail')).toMatchObject({
    verdict: 'warn',
    says: expect.stringContaining('refuses invitations, sign-up, forgotten passwords and codes by mail'),
    remedy: expect.stringContaining('pawl org add-member'),
  })
})

test('pawl doctor says of a vault that does not run what is well and what will need care, and changes nothing', async () => {
  await usedVault()
  const before = readFileSync(database())
  const { status, lines } = await doctor()
  expect(status).toBe(0)
  expect(lineOf(lines, 'server')).toContain('does not run')
  expect(lineOf(lines, 'records')).toMatch(/^ok .*\b1 agent\b/)
  expect(lineOf(lines, 'expiring')).toMatch(/^warn .*: 1 × agent$/)
  expect(lineOf(lines, 'root')).toMatch(/^warn .*is in the same folder as the keys/)
  for (const name of ['node', 'files', 'disk', 'hsm', 'sample', 'clock', 'keys', 'jobs', 'audit']) {
    expect(lineOf(lines, name), name).toMatch(/^ok /)
  }
  expect(lines.join('\n')).not.toContain(tagged('hunter2'))
  expect(readFileSync(database()).equals(before)).toBe(true)
})

test('pawl doctor asks a server that runs, and gives JSON', async () => {
  await usedVault()
  const started = await start(readConfig(env()))
  const { status, lines } = await doctor('--json')
  await started.stop()
  expect(status).toBe(0)
  const checks = JSON.parse(lines.join('\n')) as Check[]
  expect(checks.find(({ name }) => name === 'server')?.says).toContain('runs')
  expect(checks.map(({ verdict }) => verdict)).not.toContain('fail')
})

test('pawl doctor does not warn of events that a new vault has not signed yet', async () => {
  const started = await start(readConfig(env()))
  const { user } = await started.pawl.firstOwner({ email: started.owner.email })
  await started.pawl.as({ user }).vaults.create({ name: 'prod' })
  const { lines } = await doctor()
  await started.stop()
  expect(lineOf(lines, 'records')).toContain('auditBlock')
  expect(lineOf(lines, 'audit')).toBe('ok    audit     nothing is signed yet')
})

test('pawl doctor fails for files that others may reach, and says how to close them', async () => {
  await usedVault()
  chmodSync(database(), 0o644)
  const { status, lines } = await doctor()
  expect(status).toBe(1)
  expect(lineOf(lines, 'files')).toMatch(/^fail .*other users of this machine can access/)
  expect(lines.join('\n')).toContain(`chmod 600 '${database()}'`)
})

test('pawl doctor fails for a clock that was set back, or that cannot be', async () => {
  await usedVault()
  expect(await verdictOf('clock', Date.now() - 3_600_000)).toMatchObject({ verdict: 'fail' })
  expect(await verdictOf('clock', 0)).toMatchObject({
    verdict: 'fail',
    says: expect.stringContaining('cannot be right'),
  })
  expect(await verdictOf('clock')).toMatchObject({ verdict: 'ok' })
})

test('pawl doctor fails for records that are damaged, for another root key, and where there is no vault', async () => {
  await usedVault()
  const storage = sqlite({ path: database() })
  await storage.setup()
  for await (const chunk of storage.snapshot()) {
    const agent = chunk.find(({ kind }) => kind === 'agent')
    if (agent) await storage.commit([{ op: 'put', ...agent, expect: agent.version, body: new Uint8Array(40) }])
  }
  await storage.close()
  expect(await verdictOf('sample')).toMatchObject({ verdict: 'fail', says: expect.stringMatching(/^1 of \d+ tested/) })

  const root = join(folder, 'data', 'root.key')
  copyFileSync(root, `${root}.kept`)
  rmSync(root)
  expect(await verdictOf('root')).toMatchObject({ verdict: 'warn', says: expect.stringContaining('is missing') })
  expect(await verdictOf('vault')).toMatchObject({ verdict: 'fail' })

  rmSync(join(folder, 'data'), { recursive: true })
  const { status, lines } = await doctor()
  expect([status, existsSync(join(folder, 'data'))]).toEqual([1, false])
  expect(lineOf(lines, 'vault')).toContain('No vault found')
  expect((await doctor('--all')).status).toBe(64)
})
