import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPawl, readConfig } from '../../host/index.ts'
import { main } from '../program.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-audit-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const env = () => ({ PAWL_DATA_DIR: join(folder, 'data') })

async function verify(args: string[] = []) {
  const out: string[] = []
  const errors: string[] = []
  const terminal = {
    env: env(),
    isColoured: false,
    out: (line: string) => void out.push(line),
    error: (line: string) => void errors.push(line),
    stopped: async () => {},
  }
  return { status: await main(['audit', 'verify', ...args], terminal), out, errors: errors.join('\n') }
}

async function usedVault(): Promise<string> {
  const pawl = await openPawl(readConfig(env()))
  const { user, org } = await pawl.firstOwner({ email: 'owner@example.com' })
  const { id } = await pawl.as({ user }).vaults.create({ name: 'prod' })
  await pawl.as({ user }).secrets.put({ vault_id: id, path: 'a', value: tagged('hunter2') })
  await pawl.close()
  return org
}

test('pawl audit verify prints a line per lane and ends with 0 when all are whole, changing nothing', async () => {
  const org = await usedVault()
  const before = readFileSync(join(folder, 'data', 'vault.db'))
  const { status, out } = await verify()
  expect(status).toBe(0)
  expect(out).toEqual([
    expect.stringMatching(/^organisation +lane +events +signed +dropped +hash +verdict *$/),
    expect.stringMatching(new RegExp(`^${org} main +2 +2 +0 +[0-9a-f]{64} whole$`)),
  ])
  expect(out[0]?.indexOf('verdict')).toBe(out[1]?.indexOf('whole'))
  expect(readFileSync(join(folder, 'data', 'vault.db')).equals(before)).toBe(true)
})

test('pawl audit verify says what is wrong with a lane, and ends with 1', async () => {
  const org = await usedVault()
  const storage = sqlite({ path: join(folder, 'data', 'vault.db') })
  await storage.setup()
  const [block] = await storage.get([{ kind: 'auditBlock', id: `${org}/main.1` }])
  await storage.commit([{ op: 'delete', kind: 'auditBlock', id: `${org}/main.1`, expect: block?.version ?? '' }])
  await storage.close()
  const { status, out } = await verify()
  expect([status, out.length]).toEqual([1, 2])
  expect(out[1]).toMatch(/ main +1 +0 +0 +[0-9a-f]{64} Events from number 1 on are missing\. 2 events were signed\.$/)
})

test('pawl audit verify makes no vault where there is none, and takes no options', async () => {
  const { status, errors } = await verify()
  expect(status).toBe(78)
  expect(errors).toMatch(/^pawl: No vault found: .*vault\.db is missing\. Set PAWL_DATA_DIR\.$/)
  expect(existsSync(join(folder, 'data'))).toBe(false)
  expect(await verify(['--all'])).toMatchObject({ status: 64 })
})

test('pawl audit verify --expect proves that nothing was removed since, and says when something was (M6)', async () => {
  await usedVault()
  const before = join(folder, 'before.db')
  copyFileSync(join(folder, 'data', 'vault.db'), before)
  const pawl = await openPawl(readConfig(env()))
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  await pawl.as({ user }).vaults.list()
  await pawl.close()
  const { out } = await verify()
  const earlier = join(folder, 'earlier')
  writeFileSync(earlier, `${out.join('\n')}\n`)
  expect(await verify(['--expect', earlier])).toMatchObject({ status: 0 })
  // A whole copy from an earlier day is whole, and not what it was.
  copyFileSync(before, join(folder, 'data', 'vault.db'))
  expect(await verify()).toMatchObject({ status: 0 })
  const later = await verify(['--expect', earlier])
  expect(later).toMatchObject({
    status: 1,
    out: [expect.any(String), expect.stringContaining('Events from number 2 on are missing. 3 events were known.')],
  })
  writeFileSync(
    earlier,
    out
      .join('\n')
      .replace(/[0-9a-f]{64}/, 'f'.repeat(64))
      .replace(/ 3( +)3 /, ' 2$12 '),
  )
  expect((await verify(['--expect', earlier])).out[1]).toContain('The first 2 events are not those that were known.')
  writeFileSync(earlier, 'something else\n')
  expect(await verify(['--expect', earlier])).toMatchObject({ status: 64 })
})
