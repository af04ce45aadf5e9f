import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Search, searchFor, tagged, tagsIn } from '@pawl/testkit/canary'
import { startFakeModel } from '@pawl/testkit/fakes'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { isLong } from '../../../../tools/test-run/index.ts'
import { sendOverSocket } from '../transports.ts'

// Goal: what a server no longer does, it no longer holds. Method: a whole server in a process of its own, and its heap
// as the engine of JavaScript itself writes it down.

const email = 'owner@localhost'
const password = tagged('Correct-Horse-7')
const timeoutMs = 120_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-memory-'))
})
afterAll(() => rm(folder, { recursive: true }))

const isSearched = isLong('heaps that are searched for secrets')

test.runIf(isSearched).each(['stop', 'seal'])(
  'a server that was told to %s has no secret in its heap',
  async (command) => {
    const model = await startFakeModel({ reply: () => `Do not repeat ${tagged('hidden from the model')}.` })
    onTestFinished(() => model.close())
    const outside = { PAWL_SHROUD_PORT: '0', PAWL_MODEL_OPENAI: model.url, PAWL_EGRESS_ALLOW: model.url }
    await using server = await open(command, outside)
    await storeAndRead(server.port)
    await use(server, model.url)
    await server.tell(command)
    expect(await server.search(tagsIn)).toEqual([])
  },
  timeoutMs,
)

test.runIf(isSearched)(
  'a server that keeps a secret is found out',
  async () => {
    await using server = await open('keep')
    const planted = 'planted-8fT3nB6zQ1'
    await server.tell(`keep ${planted}`)
    await server.tell('stop')
    expect(await server.search(searchFor(planted))).toEqual(['in clear'])
  },
  timeoutMs,
)

async function open(name: string, more: Readonly<Record<string, string>> = {}) {
  const own = {
    PAWL_DATA_DIR: join(folder, name),
    PAWL_PORT: '0',
    PAWL_RATE_LIMITS: 'off',
    PAWL_LOG_LEVEL: 'error',
    ...more,
  }
  const env = { ...process.env, ...own, PAWL_OWNER_PASSWORD: password }
  const program = fileURLToPath(new URL('server.ts', import.meta.url))
  const args = ['--conditions=@pawl/source', '--import', 'tsx', program]
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const [port, shroudPort] = String((await lines.next()).value)
    .split(' ')
    .map(Number) as [number, number]
  const tell = async (line: string) => {
    child.stdin.write(`${line}\n`)
    expect((await lines.next()).done).toBe(false)
  }
  return {
    port,
    shroudPort,
    tell,
    search: async (search: Search) => {
      const snapshot = join(folder, `${name}.heapsnapshot`)
      await tell(`snapshot ${snapshot}`)
      return search(await readFile(snapshot))
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Sends one request to the API. */
async function sendTo(port: number, method: string, path: string, body: unknown, bearer = '', more = {}) {
  const headers = { ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...more }
  const sent = body === null ? {} : { body: JSON.stringify(body) }
  const answer = await sendOverSocket(port, path, { method, headers, ...sent })
  expect(answer.status, `${path} ${answer.text}`).toBeLessThan(300)
  return answer.json
}

async function signedIn(port: number): Promise<string> {
  return (await sendTo(port, 'POST', '/v1/auth/token', { email, password })).access_token
}

async function storeAndRead(port: number): Promise<void> {
  const token = await signedIn(port)
  const { id } = await sendTo(port, 'POST', '/v1/vaults', { name: 'prod' }, token)
  for (let at = 0; at < 20; at++) {
    const path = `/v1/vaults/${id}/secrets/db/${at}`
    const value = `${tagged(`value ${at}`)} ${'x'.repeat(at * 100)}`
    const { id: secret } = await sendTo(port, 'PUT', path, { value }, token)
    expect((await sendTo(port, 'GET', path, null, token)).value).toBe(value)
    const wanted = { recipient_type: 'anyone_with_link', passphrase: tagged(`sesame ${at}`) }
    const { id: share } = await sendTo(port, 'POST', `/v1/secrets/${secret}/share`, wanted, token)
    await sendTo(port, 'POST', `/v1/share/${share}`, { passphrase: wanted.passphrase })
  }
}

/** Uses secrets in the ways that keep them in memory: redaction of Shroud, keys of providers, bindings, signatures. */
async function use({ port, shroudPort }: { port: number; shroudPort: number }, url: string): Promise<void> {
  const token = await signedIn(port)
  const send = (method: string, path: string, body: unknown) => sendTo(port, method, path, body, token)
  const { id: vault } = await send('POST', '/v1/vaults', { name: 'agents' })
  const put = (path: string, value: string, type = 'generic') =>
    send('PUT', `/v1/vaults/${vault}/secrets/${path}`, { value, type })
  await put('providers/openai/api-key', tagged('key-of-openai'))
  await put('hidden', tagged('hidden from the model'))
  const { agent, api_key: key } = await send('POST', '/v1/agents', {
    name: 'writer',
    shroud_enabled: true,
    execution_intents_enabled: true,
  })
  const grant = { principal_type: 'agent', principal_id: agent.id, secret_path_pattern: '**', permissions: ['read'] }
  await send('POST', `/v1/vaults/${vault}/policies`, grant)
  const asked = { model: 'fake', messages: [{ role: 'user', content: `Hello ${tagged('hidden from the model')}` }] }
  const known = { 'x-shroud-agent-key': `${agent.id}:${key}`, 'x-shroud-provider': 'openai' }
  for (const stream of [false, true]) {
    const path = '/v1/chat/completions'
    const headers = { ...known, 'content-type': 'application/json' }
    const answer = await sendOverSocket(shroudPort, path, {
      ...{ method: 'POST', headers, body: JSON.stringify({ ...asked, stream }) },
    })
    expect(answer.status, answer.text).toBe(200)
  }
  const bound = {
    ...{
      name: 'model',
      binding_type: 'http',
      config: { base_url: url, allowed_methods: ['POST'], allowed_paths: ['/*'] },
    },
    credential_source: { type: 'vault_ref', vault_id: vault, path: 'hidden' },
  }
  await send('POST', `/v1/agents/${agent.id}/bindings`, bound)
  const params = { method: 'POST', path: '/v1/chat/completions', body: asked }
  const call = { binding: 'model', intent_type: 'http_request', params }
  const { access_token: own } = await sendTo(port, 'POST', '/v1/auth/agent-token', { api_key: key })
  const called = await sendTo(port, 'POST', `/v1/agents/${agent.id}/execute`, call, own)
  expect(called, JSON.stringify(called)).toMatchObject({ status: 'success' })
}
