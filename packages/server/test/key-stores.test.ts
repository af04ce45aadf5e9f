import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { hasSoftHsm, newToken, type SoftToken } from '../../../tools/real-parts/softhsm.ts'
import { diagnose, type Environment, readConfig, type Started, start } from '../src/host/index.ts'
import { pawl } from './keeping/program.ts'
import { sendOverSocket } from './transports.ts'

// Goal: the keys of a vault live in a second key store, and all that an operator does works with it. Method: a whole server
// with the software key store, and with a file or a token of SoftHSM2 as the key store of the organisation.

const value = tagged('hunter2')
let folder: string
let token: SoftToken | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-key-stores-'))
})
afterEach(async () => {
  await token?.destroy()
  token = null
  rmSync(folder, { recursive: true, force: true })
})

interface KeyStore {
  readonly setting: string
  takeAway(): void
  bringBack(): void
}

async function softHsm(): Promise<KeyStore> {
  token = await newToken({ label: 'acme' })
  const { uri, folder: tokens } = token
  return {
    setting: uri,
    takeAway: () => renameSync(tokens, `${tokens}-away`),
    bringBack: () => renameSync(`${tokens}-away`, tokens),
  }
}

/** A file in a folder of its own, like a disk that is mounted. */
function disk(): string {
  mkdirSync(join(folder, 'disk'), { mode: 0o700 })
  return `software:${join(folder, 'disk', 'keys')}`
}

/** The adapter waits up to five seconds before it tries a token again. */
const within = { timeout: 20_000, interval: 200 }

const env = (more: Environment = {}): Environment => ({
  PAWL_PORT: '0',
  PAWL_DATA_DIR: join(folder, 'data'),
  PAWL_OWNER_PASSWORD: 'Correct-Horse-1815',
  PAWL_METRICS: 'on',
  PAWL_RATE_LIMITS: 'off',
  PAWL_LOG_LEVEL: 'silent',
  ...more,
})

/** A running server, and its owner at it. */
async function running(given: Environment) {
  const started = await start(readConfig(given))
  let isStopped = false
  const stop = async () => {
    if (!isStopped) await started.stop()
    isStopped = true
  }
  onTestFinished(stop)
  return { ...(await signedIn(started)), stop, runJobs: () => started.pawl.runJobs() }
}

async function signedIn(started: Started) {
  const credential = { email: 'owner@localhost', password: 'Correct-Horse-1815' }
  const { json } = await send(started, 'POST', '/v1/auth/token', { body: credential })
  const bearer: string = json.access_token
  return { call: (method: string, path: string, body?: object) => send(started, method, path, { body, bearer }) }
}

async function send(
  { url }: Started,
  method: string,
  path: string,
  { body, bearer }: { body?: object | undefined; bearer?: string },
) {
  const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
  const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  return sendOverSocket(Number(new URL(url).port), path, sent)
}

type Call = Awaited<ReturnType<typeof running>>['call']

async function vaultIn(call: Call, name: string, more: object = {}): Promise<string> {
  const { json } = await call('POST', '/v1/vaults', { name, ...more })
  await call('PUT', `/v1/vaults/${json.id}/secrets/db`, { value })
  return json.id
}

const verdicts = async (given: Environment) =>
  (await diagnose(readConfig(given))).filter(({ name }) => name === 'key store')

/** A copy of the vault, made from a backup, by the command line. */
async function restored(
  given: Environment,
  more: Environment,
): Promise<{ env: Environment; printed: string; status: number | null }> {
  const [file, elsewhere] = [join(folder, 'backup'), join(folder, `restored-${Object.keys(more).length}`)]
  if (!existsSync(file)) expect((await pawl(['backup', file], given)).status).toBe(0)
  const { PAWL_KEY_STORE_ACME: _, ...rest } = given
  const target = { ...rest, PAWL_DATA_DIR: elsewhere, ...more }
  mkdirSync(elsewhere, { recursive: true, mode: 0o700 })
  cpSync(join(folder, 'data', 'root.key'), join(elsewhere, 'root.key'))
  const { status, out, errors } = await pawl(['restore', file], target)
  return { env: target, printed: out + errors, status }
}

describe.skipIf(!hasSoftHsm)('a token of SoftHSM2 as the key store of an organisation', () => {
  it('seals its vaults while it is away, and nothing else, without a restart', async () => {
    const acme = await softHsm()
    const { call } = await running(env({ PAWL_KEY_STORE_ACME: acme.setting }))
    const [vault, plain] = [await vaultIn(call, 'prod', { key_store: 'acme' }), await vaultIn(call, 'plain')]
    const read = (id: string) => call('GET', `/v1/vaults/${id}/secrets/db`)
    expect((await read(vault)).json.value).toBe(value)
    acme.takeAway()
    const refused = await read(vault)
    expect([refused.status, refused.json.code, refused.json.detail]).toEqual([
      503,
      'key_store_unavailable',
      expect.stringContaining('acme'),
    ])
    expect(refused.json.detail).not.toContain(folder)
    expect((await call('PUT', `/v1/vaults/${vault}/secrets/new`, { value })).status).toBe(503)
    expect((await read(plain)).json.value).toBe(value)
    expect((await call('GET', '/v1/health')).json).toMatchObject({ status: 'healthy', key_stores_unavailable: 1 })
    expect((await call('GET', '/readyz')).status).toBe(200)
    expect((await call('GET', '/metrics')).text).toContain('pawl_key_store_up{key_store="acme"} 0')
    expect((await call('GET', '/v1/key-stores')).json.key_stores).toContainEqual({
      name: 'acme',
      status: 'unavailable',
    })
    expect(await verdicts(env({ PAWL_KEY_STORE_ACME: acme.setting }))).toMatchObject([
      { verdict: 'fail', says: 'acme is unavailable. Number of vaults with keys in it: 1. They are sealed' },
    ])
    acme.bringBack()
    await vi.waitFor(async () => expect((await read(vault)).json.value).toBe(value), within)
    expect((await call('GET', '/metrics')).text).toContain('pawl_key_store_up{key_store="acme"} 1')
    expect(await verdicts(env({ PAWL_KEY_STORE_ACME: acme.setting }))).toMatchObject([{ verdict: 'ok' }])
  })

  it('is one of three for custody 2-of-3: its vaults stay open without it, and store nothing', async () => {
    const acme = await softHsm()
    const { call } = await running(env({ PAWL_KEY_STORE_ACME: acme.setting, PAWL_KEY_STORE_DISK: disk() }))
    const vault = await vaultIn(call, 'prod', { mpc_custody: '2-of-3' })
    const read = () => call('GET', `/v1/vaults/${vault}/secrets/db`)
    expect((await read()).json.value).toBe(value)
    acme.takeAway()
    expect((await read()).json.value).toBe(value)
    expect((await call('PUT', `/v1/vaults/${vault}/secrets/new`, { value })).status).toBe(503)
    acme.bringBack()
    const store = () => call('PUT', `/v1/vaults/${vault}/secrets/new`, { value })
    await vi.waitFor(async () => expect((await store()).status).toBe(201), within)
  })
})

it('a key ceremony opens the server, and then the vaults in a key store of the organisation too', async () => {
  const given = env({ PAWL_KEY_STORE_ACME: disk() })
  const before = await running(given)
  const vault = await vaultIn(before.call, 'prod', { key_store: 'acme' })
  await before.stop()
  const shares = join(folder, 'shares')
  const split = await pawl(['root', 'split', '--shares', '3', '--threshold', '2', '--out-dir', shares], given)
  expect(split).toMatchObject({ status: 0 })
  const started = await start(readConfig(given))
  onTestFinished(() => started.stop())
  expect((await send(started, 'GET', '/v1/vaults', {})).json.code).toBe('sealed')
  for (const name of readdirSync(shares).slice(0, 2)) {
    const share = readFileSync(join(shares, name), 'utf8').trim()
    expect((await send(started, 'POST', '/v1/unseal', { body: { share } })).status).toBe(200)
  }
  await started.ownerOnceOpen
  const { call } = await signedIn(started)
  expect((await call('GET', `/v1/vaults/${vault}/secrets/db`)).json.value).toBe(value)
})

describe.each([
  { what: 'a file', isHere: true, keyStore: async () => disk() },
  { what: 'a token of SoftHSM2', isHere: hasSoftHsm, keyStore: async () => (await softHsm()).setting },
])('$what as the key store of an organisation', ({ isHere, keyStore }) => {
  it.skipIf(!isHere)('gets the keys of a vault and gives them back, while the vault is used', async () => {
    const { call, runJobs } = await running(env({ PAWL_KEY_STORE_ACME: await keyStore() }))
    const vault = await vaultIn(call, 'prod')
    for (const key_store of ['acme', 'server', 'acme']) {
      const moved = await call('POST', `/v1/vaults/${vault}/key-store`, { key_store })
      expect([moved.status, moved.json.key_store]).toEqual([202, key_store === 'server' ? undefined : key_store])
      await runJobs()
      const { json } = await call('GET', `/v1/vaults/${vault}/key-store`)
      expect(json.change.status).toBe('completed')
      expect(json.key_stores).toEqual([{ name: key_store, status: 'ok' }])
      expect((await call('GET', `/v1/vaults/${vault}/secrets/db`)).json.value).toBe(value)
    }
  })

  it.skipIf(!isHere)('is named by a restore that misses it, and opens its vaults in the copy', async () => {
    const given = env({ PAWL_KEY_STORE_ACME: await keyStore() })
    const { call, stop } = await running(given)
    const vault = await vaultIn(call, 'prod', { key_store: 'acme' })
    await vaultIn(call, 'plain')
    await stop()
    const without = await restored(given, {})
    expect(without.status).toBe(1)
    expect(without.printed).toContain(
      'The key store acme is not configured. Number of vaults that stay sealed without it: 1.',
    )
    expect(await verdicts(without.env)).toMatchObject([{ verdict: 'fail', remedy: 'Set PAWL_KEY_STORE_ACME.' }])
    const whole = await restored(given, { PAWL_KEY_STORE_ACME: given.PAWL_KEY_STORE_ACME })
    expect([whole.status, whole.printed]).toEqual([0, expect.stringContaining('Restored the vault')])
    const copy = await running(whole.env)
    expect((await copy.call('GET', `/v1/vaults/${vault}/secrets/db`)).json.value).toBe(value)
  })
})
