import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Search, searchFor, tagged, tagsIn } from '@pawl/testkit/canary'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
    await using server = await open(command)
    await storeAndRead(server.port)
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

async function open(name: string) {
  const own = { PAWL_DATA_DIR: join(folder, name), PAWL_PORT: '0', PAWL_RATE_LIMITS: 'off', PAWL_LOG_LEVEL: 'error' }
  const env = { ...process.env, ...own, PAWL_OWNER_PASSWORD: password }
  const program = fileURLToPath(new URL('server.ts', import.meta.url))
  const args = ['--conditions=@pawl/source', '--import', 'tsx', program]
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const port = Number((await lines.next()).value)
  const tell = async (line: string) => {
    child.stdin.write(`${line}\n`)
    expect((await lines.next()).done).toBe(false)
  }
  return {
    port,
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

async function storeAndRead(port: number): Promise<void> {
  const send = async (method: string, path: string, body: unknown, bearer = '') => {
    const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
    const sent = body === null ? {} : { body: JSON.stringify(body) }
    const answer = await sendOverSocket(port, path, { method, headers, ...sent })
    expect(answer.status, path).toBeLessThan(300)
    return answer.json
  }
  const { access_token: token } = await send('POST', '/v1/auth/token', { email, password })
  const { id } = await send('POST', '/v1/vaults', { name: 'prod' }, token)
  for (let at = 0; at < 20; at++) {
    const path = `/v1/vaults/${id}/secrets/db/${at}`
    const value = `${tagged(`value ${at}`)} ${'x'.repeat(at * 100)}`
    const { id: secret } = await send('PUT', path, { value }, token)
    expect((await send('GET', path, null, token)).value).toBe(value)
    const wanted = { recipient_type: 'anyone_with_link', passphrase: tagged(`sesame ${at}`) }
    const { id: share } = await send('POST', `/v1/secrets/${secret}/share`, wanted, token)
    await send('POST', `/v1/share/${share}`, { passphrase: wanted.passphrase })
  }
}
