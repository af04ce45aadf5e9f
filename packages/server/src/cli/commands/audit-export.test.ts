import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testPawl, type World } from '@pawl/testkit/world'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeListener } from '../../http/index.ts'
import { main } from '../program.ts'

// Goal: what leaves the vault is whole, and an interrupted export goes on where it was. Method: a served vault whose clock is
// turned by days, and the commands as an operator types them.

let folder: string
let world: World
let stop: () => Promise<unknown>
let env: Record<string, string>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-export-'))
  world = await testPawl()
  const server = createServer(nodeListener(world.pawl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { api_key } = await world.owner.auth.createApiKey({ name: 'exporter' })
  env = {
    PAWL_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    PAWL_API_KEY: api_key.reveal(),
    PAWL_CONFIG_DIR: folder,
  }
  stop = () => new Promise((resolve) => server.close(resolve))
})
afterEach(async () => {
  await stop()
  await world.close()
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]) {
  const out: string[] = []
  const errors: string[] = []
  const terminal = {
    env,
    isColoured: false,
    out: (line: string) => void out.push(line),
    error: (line: string) => void errors.push(line),
    stopped: () => new Promise<void>(() => {}),
  }
  return { status: await main(args, terminal), out, errors: errors.join('\n') }
}

async function aDay(): Promise<void> {
  await world.owner.vaults.list()
  world.clock.advance(86_400_000)
  await world.pawl.runJobs()
}

test('pawl audit export writes a segment that verifies without a vault, and tells the vault so', async () => {
  await aDay()
  const { status, out } = await run('audit', 'export', '--segment', 'main/0', '--to', folder)
  const path = join(folder, 'audit-main-0.jsonl')
  expect([status, out]).toEqual([
    0,
    [expect.stringMatching(/audit-main-0\.jsonl {2}\d+ events?, signed by [\w+/]{43}=$/)],
  ])
  const key = out[0]?.split(' ').at(-1) as string
  expect((await world.owner.audit.segments({})).segments[0]?.exported_at).toMatch(/^2026-01-02T/)
  expect(await run('audit', 'verify', '--file', path, '--key', key)).toMatchObject({
    status: 0,
    out: [expect.stringMatching(/segment main\/0, \d+ events?: whole$/)],
  })
  writeFileSync(path, readFileSync(path, 'utf8').replace('vault.list', 'vault.rest'))
  expect(await run('audit', 'verify', '--file', path, '--key', key)).toMatchObject({
    status: 1,
    out: [expect.stringContaining('A block differs from what was signed.')],
  })
  expect(await run('audit', 'verify', '--file', path)).toMatchObject({ status: 64 })
  expect(await run('audit', 'export', '--segment', '../0')).toMatchObject({ status: 64 })
})

test('pawl audit export --all writes every segment once', async () => {
  await aDay()
  await aDay()
  expect((await run('audit', 'export', '--all', '--to', folder)).out).toHaveLength(2)
  expect(await run('audit', 'export', '--all', '--to', folder)).toMatchObject({ status: 0, out: [] })
  expect((await run('audit', 'segments')).out.join('\n')).toMatch(/lane +number +events/i)
})

test('pawl audit export goes on from its cursor, with nothing left out and nothing twice (N5)', async () => {
  const cursor = join(folder, 'audit.cursor')
  const events: { id: string; lane: string; sequence: number }[] = []
  for (let round = 0; round < 3; round++) {
    await world.owner.vaults.list()
    const { status, out } = await run('audit', 'export', '--cursor', cursor)
    expect(status).toBe(0)
    events.push(...out.map((line) => JSON.parse(line)))
  }
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at))
  const { events: all } = await world.owner.audit.events({ limit: 1_000 })
  expect(all.reverse().map(({ id }) => id)).toEqual(
    expect.arrayContaining(events.map(({ id }) => id).slice(0, all.length)),
  )
  writeFileSync(cursor, 'something else')
  expect(await run('audit', 'export', '--cursor', cursor)).toMatchObject({
    status: expect.any(Number),
    errors: expect.stringContaining('must be the cursor of an earlier answer'),
  })
})

test('pawl audit export --since begins later', async () => {
  await aDay()
  await world.owner.vaults.list()
  const { out } = await run('audit', 'export', '--since', '2026-01-02T00:00:00Z')
  expect(out.map((line) => JSON.parse(line).created_at.slice(0, 10))).not.toContain('2026-01-01')
  expect(out.length).toBeGreaterThan(0)
})
