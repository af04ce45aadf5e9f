import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HsmError } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sendOverSocket } from '../../test/transports.ts'
import { type Environment, readConfig } from './config.ts'
import { partsOf } from './open.ts'
import { makePassword } from './owner.ts'
import { type Started, start } from './start.ts'

let folder: string
let started: Started | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-start-'))
})
afterEach(async () => {
  await started?.stop()
  started = null
  rmSync(folder, { recursive: true })
})

async function open(env: Environment = {}): Promise<Started> {
  await started?.stop()
  started = null
  started = await start(readConfig({ PAWL_PORT: '0', PAWL_DATA_DIR: join(folder, 'data'), ...env }))
  return started
}

async function send(method: string, path: string, body?: unknown, token?: string) {
  const port = Number(new URL(started?.url ?? '').port)
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  return (await sendOverSocket(port, path, sent)).json
}

async function signIn(email: string, password: string): Promise<string> {
  return (await send('POST', '/v1/auth/token', { email, password })).access_token
}

describe('N8: calls that wait for changes', () => {
  async function waiter() {
    const { owner, url } = await open()
    const token = await signIn(owner.email, owner.madePassword ?? '')
    const { id } = await send('POST', '/v1/vaults', { name: 'prod' }, token)
    const path = `/v1/vaults/${id}/changes`
    const { cursor } = await send('GET', path, undefined, token)
    const ask = (wait: number, signal?: AbortSignal) =>
      fetch(`${url}${path}?after=${cursor}&wait=${wait}`, {
        headers: { authorization: `Bearer ${token}` },
        ...(signal && { signal }),
      })
    return { ask }
  }

  test('are answered when the server stops', async () => {
    const { ask } = await waiter()
    const waiting = ask(60)
    // It has come, and so had the other.
    await ask(0)
    await started?.stop()
    started = null
    expect(await (await waiting).json()).toMatchObject({ changes: [] })
  })

  test('give their place to others when the client goes away', async () => {
    const { ask } = await waiter()
    const left = Array.from({ length: 10 }, () => new AbortController())
    const waiting = left.map(({ signal }) => ask(60, signal).catch(({ name }) => name))
    await expect.poll(async () => (await ask(1)).status, { timeout: 20_000 }).toBe(429)
    for (const one of left) one.abort()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['AbortError']))
    await expect.poll(async () => (await ask(1)).status, { timeout: 20_000 }).toBe(200)
  })
})

describe('a server', () => {
  test('at its first start has an owner, whose password is known once; at its second it finds everything again', async () => {
    const { owner } = await open()
    expect(owner).toMatchObject({ email: 'owner@localhost', isNew: true, madePassword: expect.any(String) })
    const password = owner.madePassword ?? ''
    const token = await signIn(owner.email, password)
    const vault = await send('POST', '/v1/vaults', { name: 'prod' }, token)
    await send('PUT', `/v1/vaults/${vault.id}/secrets/db/main`, { value: tagged('hunter2') }, token)

    const again = await open()
    expect(again.owner).toEqual({ email: 'owner@localhost', isNew: false, madePassword: null })
    const later = await signIn(owner.email, password)
    expect((await send('GET', `/v1/vaults/${vault.id}/secrets/db/main`, undefined, later)).value).toBe(
      tagged('hunter2'),
    )
  })

  test('that finds its port taken has made no owner, so the next start shows the password (N1)', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const port = String((taken.address() as AddressInfo).port)
    await expect(open({ PAWL_PORT: port })).rejects.toThrow('another program already listens there')
    await new Promise((resolve) => taken.close(resolve))
    const { owner } = await open({ PAWL_PORT: port })
    expect(owner).toMatchObject({ isNew: true, madePassword: expect.any(String) })
  })

  test('answers probes: it lives, and it is ready unless it is sealed or degraded (N5)', async () => {
    const { pawl, url } = await open()
    const status = async (path: string) =>
      (await sendOverSocket(Number(new URL(url).port), path, { method: 'GET' })).status
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
    await pawl.seal()
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
  })

  test('takes the owner it is told, and shows no password that it did not make', async () => {
    const env = { PAWL_OWNER_EMAIL: 'ada@example.com', PAWL_OWNER_PASSWORD: tagged('Correct-Horse-1815') }
    const { owner } = await open(env)
    expect(owner).toEqual({ email: 'ada@example.com', isNew: true, madePassword: null })
    expect(await signIn('ada@example.com', tagged('Correct-Horse-1815'))).toEqual(expect.any(String))
  })

  test('refuses a password that is too weak before it has made anything of it', async () => {
    await expect(open({ PAWL_OWNER_PASSWORD: 'weak' })).rejects.toThrow(
      'PAWL_OWNER_PASSWORD must have at least 12 characters',
    )
    await expect(open({ PAWL_OWNER_EMAIL: 'ada' })).rejects.toThrow('PAWL_OWNER_EMAIL must be an e-mail address')
    expect((await open()).owner.isNew).toBe(true)
  })

  test('F10: keeps what it keeps for its own user alone', async () => {
    await open()
    const data = join(folder, 'data')
    expect(statSync(data).mode & 0o777).toBe(0o700)
    for (const file of ['vault.db', 'keys', 'root.key'])
      expect(statSync(join(data, file)).mode & 0o777, file).toBe(0o600)
  })

  test('writes no secret in clear anywhere', async () => {
    const { owner } = await open()
    const canary = 'canary-91c4e7'
    const token = await signIn(owner.email, owner.madePassword ?? '')
    const vault = await send('POST', '/v1/vaults', { name: 'prod' }, token)
    await send('PUT', `/v1/vaults/${vault.id}/secrets/db`, { value: canary }, token)
    await send('GET', `/v1/vaults/${vault.id}/secrets/db`, undefined, token)
    await started?.stop()
    started = null
    for (const file of ['vault.db', 'keys', 'root.key']) {
      const text = readFileSync(join(folder, 'data', file), 'latin1')
      for (const secret of [canary, owner.madePassword ?? '', token]) expect(text.includes(secret), file).toBe(false)
    }
  })

  test('can have its root in a passphrase or in a key instead of a file', async () => {
    for (const root of [{ PAWL_ROOT_PASSPHRASE: 'correct horse' }, { PAWL_ROOT_KEY: '1f'.repeat(32) }]) {
      const env = { ...root, PAWL_DATA_DIR: join(folder, Object.keys(root)[0] ?? '') }
      expect((await open(env)).owner.isNew).toBe(true)
      expect((await open(env)).owner.isNew).toBe(false)
      expect(existsSync(join(env.PAWL_DATA_DIR, 'root.key'))).toBe(false)
    }
  })

  test('can keep its records in memory', async () => {
    expect((await open({ PAWL_STORAGE: 'memory:' })).owner.isNew).toBe(true)
    expect((await open({ PAWL_STORAGE: 'memory:' })).owner.isNew).toBe(true)
    expect(existsSync(join(folder, 'data', 'vault.db'))).toBe(false)
  })

  test('leaves no lock behind when it cannot start', async () => {
    await open()
    const { port } = new URL(started?.url ?? '')
    const other = join(folder, 'other')
    const config = readConfig({ PAWL_PORT: port, PAWL_DATA_DIR: other })
    await expect(start(config)).rejects.toThrow('another program already listens there')
    const second = await start(readConfig({ PAWL_PORT: '0', PAWL_DATA_DIR: other }))
    await second.stop()
  })

  test('refuses a data folder that another server uses', async () => {
    await open()
    const config = readConfig({ PAWL_PORT: '0', PAWL_DATA_DIR: join(folder, 'data') })
    await expect(start(config)).rejects.toThrow(/in use|locked|another process/i)
  })

  test('that is given another root key than its keys are sealed under says so', async () => {
    await open()
    await started?.stop()
    started = null
    writeFileSync(join(folder, 'data', 'root.key'), Buffer.alloc(32, 7))
    await expect(open()).rejects.toThrow(/root key/)
  })

  test('limits attempts to sign in (§2.3)', async () => {
    await open()
    const attempt = async () => (await send('POST', '/v1/auth/token', { email: 'a@b.c', password: 'x' })).status
    const statuses = []
    for (let count = 0; count < 8; count++) statuses.push(await attempt())
    expect(statuses.slice(0, 5)).not.toContain(429)
    expect(statuses).toContain(429)
  })

  test('serves its numbers when told, to whoever shows the token', async () => {
    await open({ PAWL_METRICS: 'on', PAWL_METRICS_TOKEN: 'sesame' })
    const port = Number(new URL(started?.url ?? '').port)
    expect((await sendOverSocket(port, '/metrics', {})).status).toBe(401)
    const headers = { authorization: 'Bearer sesame' }
    expect((await sendOverSocket(port, '/metrics', { headers })).text).toContain('pawl_http_requests_total')
  })

  test('counts what an operator must see: its seal, denials, calls to the key store and their failures (N5)', async () => {
    const config = readConfig({ PAWL_PORT: '0', PAWL_DATA_DIR: join(folder, 'data'), PAWL_METRICS: 'on' })
    const parts = await partsOf(config)
    const { createKey } = parts.hsm
    let isBroken = false
    parts.hsm.createKey = async (...given) => {
      if (isBroken) throw new HsmError('unavailable', 'the token is gone')
      return createKey.apply(parts.hsm, given)
    }
    started = await start(config, parts)
    const numbers = async () =>
      (await sendOverSocket(Number(new URL(started?.url ?? '').port), '/metrics', {})).text.split('\n')
    const token = await signIn('owner@localhost', started.owner.madePassword ?? '')
    await send('GET', '/v1/vaults', undefined, 'wrong')
    isBroken = true
    await send('POST', '/v1/vaults', { name: 'prod' }, token)
    const open = await numbers()
    expect(open).toEqual(
      expect.arrayContaining([
        'pawl_sealed 0',
        'pawl_hsm_status{status="ok"} 1',
        'pawl_denials_total{operation="vaults.list",code="not_authenticated"} 1',
        'pawl_hsm_failures_total{call="createKey",failure="unavailable"} 1',
        expect.stringMatching(/^pawl_hsm_call_seconds_count\{call="sign"\} [1-9]/),
      ]),
    )
    expect(open.join('\n')).not.toMatch(/^pawl_audit_sink_lag_events/m)
    await started.pawl.seal()
    expect(await numbers()).toEqual(
      expect.arrayContaining(['pawl_sealed 1', 'pawl_hsm_status{status="ok"} 0', 'pawl_hsm_status{status="sealed"} 1']),
    )
  })
})

test('a password that is made is long, and fits the policy whatever the dice say (§3.4)', () => {
  for (let count = 0; count < 2_000; count++) {
    const password = makePassword()
    expect(password).toMatch(/^[a-zA-Z2-9-]{27}$/)
    for (const part of [/[a-z]/, /[A-Z]/, /[0-9]/, /-/]) expect(password).toMatch(part)
    expect(password).not.toMatch(/(.)\1\1/)
    const codes = [...password.toLowerCase()].map((char) => char.charCodeAt(0))
    const isRun = codes.some((code, at) => {
      const step = (codes[at + 1] ?? 0) - code
      return Math.abs(step) === 1 && (codes[at + 2] ?? 0) - (codes[at + 1] ?? 0) === step
    })
    expect(isRun, password).toBe(false)
  }
})
