import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/host/index.ts'
import { type Started, start } from '../../src/host/start.ts'
import { refuseStrangers } from '../../src/web/known-hosts.ts'
import { sendOverSocket } from '../transports.ts'

// E13: a page whose name was made to point at this machine asks for its own name, and a page elsewhere says where it is
// from. Neither is heard, whatever it knows.

let folder: string
let started: Started
let key: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-strangers-'))
  const env = { PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: folder }
  const more = { PAWL_PUBLIC_URL: 'https://vault.example.com', PAWL_CORS_ORIGINS: 'https://app.example.com' }
  started = await start(readConfig({ ...env, ...more }))
  const { user } = await started.pawl.firstOwner({ email: started.owner.email })
  const { api_key } = await started.pawl.as({ user }).agents.create({ name: 'agent' })
  key = api_key?.reveal() ?? ''
})
afterAll(async () => {
  await started.stop()
  rmSync(folder, { recursive: true })
})

const ask = async (headers: Record<string, string>) => {
  const port = Number(new URL(started.url).port)
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const sent = { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers }
  return sendOverSocket(port, '/mcp', { method: 'POST', headers: sent, body })
}

describe('a whole server', () => {
  test.each<Record<string, string>>([
    { host: 'localhost:8210' },
    { host: '127.0.0.1' },
    { host: '[::1]:1' },
    { host: 'vault.example.com' },
    { host: 'VAULT.example.com:443' },
    { host: 'localhost', origin: 'http://localhost:6274' },
    { host: 'localhost', origin: 'http://[::1]' },
    { host: 'localhost', origin: 'https://vault.example.com' },
    { host: 'localhost', origin: 'https://app.example.com' },
  ])('answers who asks for it by a name that it has: %o', async (headers) => {
    expect((await ask(headers)).status).toBe(200)
  })

  test.each<Record<string, string>>([
    { host: 'evil.com' },
    { host: 'evil.com:8210' },
    { host: 'localhost.evil.com' },
    { host: 'localhost.' },
    { host: '10.0.0.1' },
    { host: 'vault.example.com.evil.com' },
    { host: 'localhost', origin: 'https://evil.com' },
    { host: 'localhost', origin: 'null' },
    { host: 'localhost', origin: 'http://localhost.evil.com' },
    { host: 'localhost', origin: 'http://app.example.com' },
    { host: 'localhost', origin: 'https://app.example.com.evil.com' },
  ])('does not answer a stranger: %o', async (headers) => {
    const { status, json } = await ask(headers)
    expect([status, json.code]).toEqual([403, expect.stringMatching(/^unknown_(host|origin)$/)])
  })

  test.each(['evil.com@localhost', 'localhost@evil.com'])('does not answer a host with a user: %s', async (host) => {
    const { status, json } = await ask({ host })
    expect([status, json.code]).toEqual([400, 'malformed_request'])
  })

  test('reads nothing of what a stranger sends, not even who it says it is', async () => {
    const { status } = await ask({ host: 'evil.com', authorization: 'Bearer ocv_nobody' })
    expect(status).toBe(403)
  })
})

test('whoever says no host is a stranger', () => {
  expect(() => refuseStrangers({ hosts: [], origins: [] }, { header: () => undefined })).toThrow(
    'does not accept that Host name',
  )
})
