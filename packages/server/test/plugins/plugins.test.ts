import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { tagged } from '@pawl/testkit/canary'
import { build } from 'esbuild'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { pawlMain } from '../../../../tools/real-parts/pawl.ts'
import { eventually } from '../../../../tools/test-run/eventually.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { readConfig } from '../../src/host/index.ts'
import { start } from '../../src/host/start.ts'
import { sendOverSocket } from '../transports.ts'

// Goal: `pawl serve` runs with plug-ins of its operator. Method: the program itself, with modules in a
// folder that has no packages. What they import from Pawl they get from the server, so that its classes are theirs.

const root = resolve(import.meta.dirname, '../../../..')
const templates = join(root, 'tools/create-plugin/templates')
const password = tagged('owner-password')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-plugins-'))
  return () => rmSync(folder, { recursive: true })
})

describe('pawl serve with plug-ins of its operator (N5)', () => {
  test('keeps records in their storage, asks their policy engine, serves their area and fills their sink', async () => {
    const env = await environment()
    const first = await startServer(env)
    const made = await Promise.all([1, 2].map(() => first.send('POST', '/v1/vaults', { name: 'prod' })))
    // A conflict is an error of the storage, which the engine must know for one.
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409])
    const { id } = made.find(({ status }) => status === 201)?.json ?? {}
    const secret = { value: tagged('hunter2') }
    expect(await first.send('PUT', `/v1/vaults/${id}/secrets/db/main`, secret)).toMatchObject({ status: 201 })
    const held = await first.send('PUT', `/v1/vaults/${id}/secrets/legal/case`, secret)
    expect(held).toMatchObject({ status: 403, json: { detail: expect.stringContaining('legal hold') } })
    const note = { path: 'db/main', text: 'Changes every Monday.' }
    expect(await first.send('POST', `/v1/vaults/${id}/notes`, note)).toMatchObject({ status: 201 })
    const missing = await first.send('DELETE', `/v1/vaults/${id}/notes/${id}?path=db/main`)
    expect(missing).toMatchObject({ status: 404, json: { code: 'note_not_found' } })
    await eventually(() => expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).toContain('"note.add"'))
    await first.stop()

    expect(existsSync(join(folder, 'data/vault.db'))).toBe(false)
    const second = await startServer(env)
    const read = await second.send('GET', `/v1/vaults/${id}/secrets/db/main`)
    expect(read.json.value).toBe(secret.value)
    await second.stop()
  })

  test.runIf(isLong('plug-ins that doctor and backup look at'))(
    'is looked at by pawl doctor, and copied only with the tools of its storage',
    async () => {
      const env = await environment()
      await (await startServer(env)).stop()
      const doctor = await run(['doctor'], env)
      expect(doctor).toContain('the storage has no snapshot')
      expect(doctor).toMatch(
        /plug-ins +run in the server, with all its rights: .*storage\.mjs, .*sink\.mjs, .*area\.mjs/,
      )
      expect(doctor).not.toContain('vault.db')
      expect(await run(['backup', join(folder, 'vault.backup')], env)).toContain('Back it up with its own tools.')
    },
  )
})

describe('pawl serve does not start', () => {
  test.each([
    ['PAWL_STORAGE', 'export default {}', 'is not a function that opens a storage'],
    ['PAWL_STORAGE', 'export default () => ({ setup() {} })', 'not a storage. It lacks get, scan, commit, close.'],
    ['PAWL_AUDIT_SINK', 'export default {}', 'is not an audit sink'],
  ])('when the module of %s is %s', async (setting, source, problem) => {
    const file = join(folder, `${crypto.randomUUID()}.mjs`)
    writeFileSync(file, source)
    const env = { PAWL_DATA_DIR: join(folder, 'none'), PAWL_PORT: '0', [setting]: `module:${file}` }
    await expect(start(readConfig(env))).rejects.toThrow(new RegExp(`^${setting}: .*${problem}`))
  })
})

type Env = Readonly<Record<string, string>>

/** All four plug-ins, and a data folder. */
async function environment(): Promise<Env> {
  const log = JSON.stringify(join(folder, 'vault.log'))
  const trail = JSON.stringify(join(folder, 'audit.jsonl'))
  const storage = `import { logStorage } from './log-storage.ts'; export default () => logStorage(${log})`
  const sink = `import { fileSink } from './file-sink.ts'; export default fileSink({ path: ${trail} })`
  const engine = `export default { evaluate: (requests) => requests.map(({ path }) =>
    path?.startsWith('legal/') ? { allowed: false, reason: 'legal hold', isPublic: true } : { allowed: true }) }`
  const area = `export { default } from './index.ts'`
  return {
    PAWL_DATA_DIR: join(folder, 'data'),
    PAWL_OWNER_PASSWORD: password,
    PAWL_STORAGE: `module:${await moduleOf('storage', storage, join(root, 'examples/storage-adapter'))}`,
    PAWL_AUDIT_SINK: `module:${await moduleOf('sink', sink, join(templates, 'audit-sink/src'))}`,
    PAWL_POLICY_ENGINE: await moduleOf('engine', engine, root),
    PAWL_AREAS: await moduleOf('area', area, join(templates, 'area/src')),
  }
}

/** One file, with everything but Pawl in it. */
async function moduleOf(name: string, contents: string, resolveDir: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  const stdin = { contents, resolveDir, loader: 'ts' } as const
  await build({
    stdin,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@pawl/*'],
    logLevel: 'error',
  })
  return outfile
}

function spawnPawl(args: readonly string[], env: Env): ChildProcess {
  const child = spawn(process.execPath, [pawlMain, ...args], { cwd: root, env: { PATH: process.env.PATH, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Everything that a command prints. */
async function run(args: readonly string[], env: Env): Promise<string> {
  const { stdout, stderr } = spawnPawl(args, env)
  if (!stdout || !stderr) throw new Error('a command without output')
  return (await Promise.all([text(stdout), text(stderr)])).join('')
}

async function startServer(env: Env) {
  const child = spawnPawl(['serve', '--port', '0'], env)
  const port = Number(new URL(await addressIn(child)).port)
  const send = async (method: string, path: string, body?: object, token = '') => {
    const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }
    const sent = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
    const { status, json } = await sendOverSocket(port, path, sent)
    return { status, json }
  }
  const signIn = await send('POST', '/v1/auth/token', { email: 'owner@localhost', password })
  return {
    send: (method: string, path: string, body?: object) => send(method, path, body, signIn.json.access_token),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

function addressIn(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const [, url] = /API +(\S+)/.exec(said) ?? []
      if (url && said.includes('Stop with Ctrl-C.')) resolve(url)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('close', () => reject(new Error(`pawl serve ended: ${said}`)))
  })
}
