import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { engineLog } from '../../src/http/index.ts'
import { diskOwner, openOnDisk, signIn } from './door.ts'

// Goal: a secret is in answers to whoever may read it, and nowhere else: not in a file, not in the log, not readable for
// others on the machine. Method: values that are easily found again, sent through every route that takes one.

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-leaks-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('F10: with a umask that allows everything', () => {
  test('everything that is kept is for its own user alone, while it is open and after', async () => {
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    const data = join(folder, 'deep', 'data')
    const door = await openOnDisk(data)
    await signIn(door)
    const wide = () => pathsIn(join(folder, 'deep')).filter((path) => (statSync(path).mode & 0o077) !== 0)
    expect(pathsIn(data).length).toBeGreaterThan(3)
    expect(wide()).toEqual([])
    await door.stop()
    expect(wide()).toEqual([])
  })

  test('what others may read is not opened, and the message says what to do', async () => {
    const data = join(folder, 'data')
    await (await openOnDisk(data)).stop()
    for (const file of ['vault.db', 'keys', 'root.key', '.']) {
      const path = join(data, file)
      const { mode } = statSync(path)
      chmodSync(path, mode | 0o044)
      await expect(openOnDisk(data), file).rejects.toThrow(/chmod/)
      chmodSync(path, mode)
    }
    await (await openOnDisk(data)).stop()
  })
})

describe('F11: what went through the engine', () => {
  const canary = (what: string) => `canary-${what}-7f3a91`
  /** As it may have been written down by somebody who meant well. */
  const forms = (text: string) => {
    const bytes = Buffer.from(text)
    const doubled = Buffer.from(JSON.stringify(JSON.stringify(text)).slice(3, -3))
    return [bytes, doubled, Buffer.from(bytes.toString('base64').slice(0, -4)), Buffer.from(bytes.toString('hex'))]
  }

  test('is in no file and in no line of the log, whether it was stored, refused or read', async () => {
    const lines: string[] = []
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const door = await openOnDisk(join(folder, 'data'), {}, engineLog(logger))
    const secrets = [diskOwner.password]
    const token = await signIn(door)
    secrets.push(token)
    const send = async (method: string, path: string, body?: unknown, bearer = token) => {
      const answer = await door.send(path, { method, bearer, ...(body ? { body: JSON.stringify(body) } : {}) })
      return { status: answer.status, json: answer.text ? answer.json : {} }
    }
    const { id: vault } = (await send('POST', '/v1/vaults', { name: 'prod' })).json
    const at = `/v1/vaults/${vault}`
    const keep = (what: string) => {
      secrets.push(canary(what))
      return canary(what)
    }
    const stored = await send('PUT', `${at}/secrets/db`, { value: keep('value'), metadata: { note: 'x' } })
    expect(stored.status).toBe(201)
    await send('PUT', `${at}/secrets/db`, { value: keep('second') })
    await send('PUT', `${at}/secrets/db`, { value: { wrong: keep('wrong-type') } })
    await send('PUT', `${at}/secrets/..%2f`, { value: keep('wrong-path') })
    await send('PUT', `${at}/secrets/big`, { value: keep('big').repeat(300_000) })
    expect((await send('GET', `${at}/secrets/db`)).json.value).toBe(canary('second'))
    await send('POST', `${at}/secret-rotate/db`, {})
    secrets.push((await send('GET', `${at}/secrets/db`)).json.value)
    const share = await send('POST', `/v1/secrets/${stored.json.id}/share`, {
      recipient_type: 'anyone_with_link',
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      passphrase: keep('passphrase'),
    })
    expect(share.status).toBe(201)
    secrets.push(share.json.id)
    await send('POST', `/v1/share/${share.json.id}`, { passphrase: keep('wrong-passphrase') })
    expect((await send('POST', `/v1/share/${share.json.id}`, { passphrase: canary('passphrase') })).status).toBe(200)
    await send('POST', '/v1/org/members', { email: 'ada@example.com', password: `Correct-${keep('password')}` })
    await send('POST', '/v1/auth/token', { email: 'ada@example.com', password: keep('guess') })
    await send('POST', '/v1/auth/token', { email: keep('address'), password: 'x' })
    const agent = (await send('POST', '/v1/agents', { name: 'ci' })).json
    const personal = (await send('POST', '/v1/auth/api-keys', { name: 'laptop' })).json
    secrets.push(agent.api_key, personal.api_key)
    secrets.push((await send('POST', '/v1/auth/agent-token', { api_key: agent.api_key })).json.access_token)
    secrets.push((await send('POST', '/v1/auth/api-key-token', { api_key: personal.api_key })).json.access_token)
    await send('GET', '/v1/auth/me', undefined, keep('bearer'))
    await send('POST', '/v1/auth/agent-token', { api_key: keep('key') })
    expect(new Set(secrets).size).toBe(secrets.length)
    expect(secrets.every((secret) => typeof secret === 'string' && secret.length > 8)).toBe(true)

    search(secrets, lines)
    await door.stop()
    search(secrets, lines)
  })

  function search(secrets: readonly string[], lines: readonly string[]): void {
    const places = new Map([['log', Buffer.from(lines.join(''))]])
    for (const path of pathsIn(folder)) if (statSync(path).isFile()) places.set(path, readFileSync(path))
    expect(places.size).toBeGreaterThan(3)
    for (const [place, bytes] of places) {
      for (const secret of secrets) for (const form of forms(secret)) expect(bytes.includes(form), place).toBe(false)
    }
  }
})

function pathsIn(root: string): string[] {
  const found = readdirSync(root, { recursive: true, withFileTypes: true })
  return [root, ...found.map((entry) => join(entry.parentPath, entry.name))]
}
