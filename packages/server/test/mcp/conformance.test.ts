import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as nodeRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { readConfig } from '../../src/host/index.ts'
import { type Started, start } from '../../src/host/start.ts'

// Goal: the protocol is what its own people say it is. Method: their conformance runner, unchanged, against a whole
// server; what it says by its exit status counts. It shows no credential, so a proxy on this machine adds one.

const runner = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'))

/** Those that a server can pass whose tools are its own. docs/mcp.md says why not the others. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'server-sse-polling',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
]

let folder: string
let started: Started
let proxy: ReturnType<typeof createServer>
let url: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-conformance-'))
  started = await start(
    readConfig({ PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: folder, PAWL_RATE_LIMITS: 'off' }),
  )
  const { user } = await started.pawl.firstOwner({ email: started.owner.email })
  const { api_key } = await started.pawl.as({ user }).agents.create({ name: 'conformance' })
  const there = new URL(started.url)
  proxy = createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${api_key?.reveal()}` }
    const { method, url: path } = request
    const passedOn = nodeRequest({ host: there.hostname, port: there.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(passedOn)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mcp`
})
afterAll(async () => {
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
  await started.stop()
  rmSync(folder, { recursive: true })
})

describe('the official conformance runner', () => {
  test.each(some('scenarios of the official conformance runner', 4, scenarios))(
    'is content with %s',
    async (scenario) => {
      const { status, said } = await run(['server', '--url', url, '--scenario', scenario])
      expect(status, said).toBe(0)
    },
  )
})

/** It wants a Node later than ours for one function, which no scenario calls. */
function run(args: readonly string[]): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, ['--import', new URL('glob.mjs', import.meta.url).href, runner, ...args], {
    cwd: folder,
  })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  child.stderr.on('data', (text) => {
    said += text
  })
  return new Promise((done) => child.on('close', (status) => done({ status, said })))
}
