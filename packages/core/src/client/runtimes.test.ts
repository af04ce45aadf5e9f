import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { tagged } from '@pawl/testkit/canary'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'

// Goal: one client for servers, pages and workers. Method: the same few calls from each of them, to a vault on another
// origin, with the client as a bundler leaves it.

const gzipBytesMax = 12 * 1024
const browser = programAt('chromium')

const bundled = await build({
  entryPoints: [fileURLToPath(new URL('index.ts', import.meta.url))],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'neutral',
  write: false,
  metafile: true,
})
const client = bundled.outputFiles[0]?.text ?? ''

const read = `
import { createClient, PawlError } from './client.mjs'
export async function read({ url, apiKey, vault_id }) {
  const pawl = createClient({ url, apiKey })
  const { value } = await pawl.secrets.get({ vault_id, path: 'db/password' })
  const refused = await pawl.secrets.put({ vault_id, path: 'db/password', value }).catch((error) => error)
  const answer = await pawl.request('/v1/agents/me', { method: 'GET' })
  return [String(value), value.reveal(), refused instanceof PawlError && refused.kind, answer.status]
}`

const files: Record<string, string> = {
  '/client.mjs': client,
  '/read.mjs': read,
  '/worker.mjs': `import { read } from './read.mjs'; onmessage = async ({ data }) => postMessage(await read(data))`,
  '/thread.mjs': `import { read } from './read.mjs'; import { parentPort, workerData } from 'node:worker_threads'
    parentPort.postMessage(await read(workerData))`,
}

const expected = ['[secret]', tagged('hunter2'), 'denied', 200]

let vault: Awaited<ReturnType<typeof openVault>>
const openVault = () =>
  startLocalVault({ secrets: { 'db/password': tagged('hunter2') }, agents: { reporter: ['db/*'] }, origins: '*' })
const asked = () => ({ url: vault.url, apiKey: vault.agents.reporter.key, vault_id: vault.vaultId })

beforeAll(async () => {
  vault = await openVault()
})
afterAll(() => vault.close())

test('everything of it is less than 12 kB, and nothing of it is the engine', () => {
  const from = /packages\/core\/src\/(\w+)\/|.*node_modules\/(@?\w+\/\w+)/
  const inputs = Object.keys(bundled.metafile.inputs).map((path) => from.exec(path)?.slice(1).join(''))
  expect(new Set(inputs)).toEqual(new Set(['client', 'kernel', '@scure/base']))
  expect(client).not.toMatch(/\bnode:|\bBuffer|process\.|require\(/)
  expect(gzipSync(client).length).toBeLessThan(gzipBytesMax)
})

test('a thread of Node has it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-client-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const thread = new Worker(join(folder, 'thread.mjs'), { workerData: asked(), execArgv: [] })
  const told = await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject))
  expect(told).toEqual(expected)
  await thread.terminate()
  await rm(folder, { recursive: true })
})

describe.skipIf(!hasPart('Chromium', 'apt-get install chromium', browser !== null))('in a browser', () => {
  const pages = createServer(({ url = '' }, response) => {
    const type = url === '/' ? 'text/html' : 'text/javascript'
    response.writeHead(url in files || url === '/' ? 200 : 404, { 'content-type': type }).end(files[url] ?? '')
  })
  let chrome: Awaited<ReturnType<typeof chromium.launch>>
  let page: Awaited<ReturnType<typeof chrome.newPage>>

  beforeAll(async () => {
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
    chrome = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
    page = await chrome.newPage()
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  })
  afterAll(async () => {
    await chrome?.close()
    pages.close()
  })

  test('a page of another origin has it', async () => {
    expect(await page.evaluate(`import('/read.mjs').then(({ read }) => read(${JSON.stringify(asked())}))`)).toEqual(
      expected,
    )
  })

  test('a worker has it', async () => {
    const inWorker = `new Promise((resolve, reject) => {
      const worker = new Worker('/worker.mjs', { type: 'module' })
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = reject
      worker.postMessage(${JSON.stringify(asked())})
    })`
    expect(await page.evaluate(inWorker)).toEqual(expected)
  })
})
