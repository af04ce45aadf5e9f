import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Certified, certify, hasOpenssl } from '../../../../tools/real-parts/authority.ts'
import { readConfig } from './config.ts'
import { diagnose } from './doctor.ts'
import { type Listener, type Running, serve } from './serve.ts'
import { start } from './start.ts'

const checkMs = 10
const hello: Listener = (_, response) => void response.end('hello')

describe.skipIf(!hasOpenssl)('a server with a certificate (N5)', () => {
  const [first, second] = hasOpenssl ? [certify('IP:127.0.0.1'), certify('IP:127.0.0.1')] : []
  let folder: string
  let running: Running | null = null
  const logged: string[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pawl-tls-'))
    logged.length = 0
  })
  afterEach(async () => {
    await running?.stop()
    running = null
    rmSync(folder, { recursive: true })
  })

  const files = () => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') })

  function write({ cert, key }: Pick<Certified, 'cert' | 'key'>): void {
    writeFileSync(files().cert, cert)
    writeFileSync(files().key, key)
  }

  async function open(options: { readonly headersMs?: number } = {}): Promise<number> {
    const log = (level: string, message: string) => void logged.push(`${level}: ${message}`)
    const tls = { tls: files(), tlsCheckMs: checkMs, log }
    running = await serve(hello, { host: '127.0.0.1', port: 0, stopMs: 60_000, ...tls, ...options })
    expect(running.url).toMatch(/^https:/)
    return Number(new URL(running.url).port)
  }

  /** Which authority a new connection must trust to be answered. */
  async function trusts({ ca }: Certified, port: number): Promise<boolean> {
    const answer = await get(port, ca).catch((error: NodeJS.ErrnoException) => error)
    if (answer === 'hello') return true
    expect((answer as NodeJS.ErrnoException).message).toMatch(/self-signed|unable to verify|certificate/)
    return false
  }

  test('answers over TLS 1.2 and 1.3, and over nothing older', async () => {
    write(first as Certified)
    const port = await open()
    expect(await get(port, first?.ca ?? '')).toBe('hello')
    const versions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1'] as const
    const agreed = versions.map((version) => protocolOf(port, version).catch(() => null))
    expect(await Promise.all(agreed)).toEqual(['TLSv1.3', 'TLSv1.2', null])
  })

  test('loads a new one when its files change, and keeps open connections', async () => {
    write(first as Certified)
    const port = await open()
    const kept = await handshake(port)
    expect(await ask(kept)).toContain('hello')
    write(second as Certified)
    await vi.waitUntil(() => trusts(second as Certified, port), { timeout: 10_000 })
    expect(await trusts(first as Certified, port)).toBe(false)
    expect(await ask(kept)).toContain('hello')
    kept.destroy()
    expect(logged).toEqual(['info: the TLS certificate was replaced'])
  })

  test('sees that a link points to other files', async () => {
    for (const [name, pair] of Object.entries({ first, second })) {
      writeFileSync(join(folder, `${name}.cert`), pair?.cert ?? '')
      writeFileSync(join(folder, `${name}.key`), pair?.key ?? '')
    }
    const point = (to: string) => {
      for (const kind of ['cert', 'key'] as const) {
        symlinkSync(join(folder, `${to}.${kind}`), `${files()[kind]}.new`)
        renameSync(`${files()[kind]}.new`, files()[kind])
      }
    }
    point('first')
    const port = await open()
    point('second')
    await vi.waitUntil(() => trusts(second as Certified, port), { timeout: 10_000 })
  })

  test.each([
    ['has the key of another', () => writeFileSync(files().key, second?.key ?? '')],
    ['is no certificate', () => writeFileSync(files().cert, 'broken')],
    ['is gone', () => rmSync(files().cert)],
  ])('keeps the old one and says so when the new one %s', async (_, breakIt) => {
    write(first as Certified)
    const port = await open()
    breakIt()
    await vi.waitUntil(() => logged.length > 0, { timeout: 10_000 })
    expect(logged).toEqual(['error: the new TLS certificate cannot be used: the server keeps the old one'])
    expect(await trusts(first as Certified, port)).toBe(true)
    write(second as Certified)
    await vi.waitUntil(() => trusts(second as Certified, port), { timeout: 10_000 })
  })

  test('cuts off who does not agree on TLS, and stops without waiting for them', async () => {
    write(first as Certified)
    const port = await open({ headersMs: 60_000 })
    const plain = connectPlain(port, '127.0.0.1').resume()
    plain.on('error', () => {})
    plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => plain.once('close', resolve))
    const silent = connectPlain(port, '127.0.0.1').resume()
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('connect', resolve))
    const cut = new Promise((resolve) => silent.once('close', resolve))
    await get(port, first?.ca ?? '')
    await running?.stop()
    await cut
  })

  test('cuts off who says nothing (G9)', async () => {
    write(first as Certified)
    const port = await open({ headersMs: 100 })
    const silent = connectPlain(port, '127.0.0.1').resume()
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('close', resolve))
  })

  test('does not start with a broken one, and says which setting to look at', async () => {
    writeFileSync(files().cert, first?.cert ?? '')
    await expect(open()).rejects.toThrow(/^PAWL_TLS_KEY: .*key\.pem cannot be read \(ENOENT\)\.$/)
    writeFileSync(files().key, second?.key ?? '')
    await expect(open()).rejects.toThrow(/^PAWL_TLS_CERT and PAWL_TLS_KEY are not a certificate and its/)
  })

  test('gives its address with https, also in links', async () => {
    write(first as Certified)
    const { cert, key } = files()
    const storage = { PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: join(folder, 'data') }
    const started = await start(readConfig({ PAWL_TLS_CERT: cert, PAWL_TLS_KEY: key, PAWL_PORT: '0', ...storage }))
    expect([started.url, started.pawl.settings.publicUrl]).toEqual([
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:/),
      expect.stringMatching(/^https:\/\//),
    ])
    await started.stop()
  })

  test('is warned by doctor of a key that others can read, and before its certificate expires', async () => {
    write(first as Certified)
    const { cert, key } = files()
    const config = readConfig({ PAWL_TLS_CERT: cert, PAWL_TLS_KEY: key, PAWL_DATA_DIR: join(folder, 'data') })
    const verdictAfter = async (days: number) =>
      (await diagnose(config, Date.now() + days * 86_400_000)).find(({ name }) => name === 'tls')?.verdict
    expect(await verdictAfter(0)).toBe('fail')
    chmodSync(key, 0o640)
    expect([await verdictAfter(0), await verdictAfter(20), await verdictAfter(40)]).toEqual(['ok', 'warn', 'fail'])
  })
})

test('a certificate without its key is refused', () => {
  expect(() => readConfig({ PAWL_TLS_CERT: 'cert.pem' })).toThrow(
    'PAWL_TLS_CERT and PAWL_TLS_KEY must be set together.',
  )
})

function get(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = request({ host: '127.0.0.1', port, ca, agent: false }, async (answer) => {
      resolve(Buffer.concat(await answer.toArray()).toString())
    })
    sending.on('error', reject)
    sending.end()
  })
}

function handshake(port: number, version?: 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.1'): Promise<TLSSocket> {
  const versions = version ? { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } : {}
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...versions })
    socket.once('error', reject)
    socket.once('secureConnect', () => resolve(socket))
  })
}

async function protocolOf(port: number, version: 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.1'): Promise<string | null> {
  const socket = await handshake(port, version)
  const protocol = socket.getProtocol()
  socket.destroy()
  return protocol
}

function ask(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    socket.once('close', () => reject(new Error('The connection was closed.')))
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  })
}
