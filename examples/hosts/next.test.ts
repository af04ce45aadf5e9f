import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DELETE, GET, POST, PUT } from './next/app/vault/[...path]/route.ts'
import { vault } from './next/vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'pawl-next-'))
const password = tagged('Correct-Horse-1815')
const value = tagged('hunter2')

beforeAll(() => {
  vi.stubEnv('PAWL_DATA_DIR', folder)
  vi.stubEnv('PAWL_OWNER_EMAIL', 'you@example.com')
  vi.stubEnv('PAWL_OWNER_PASSWORD', password)
})
afterAll(async () => {
  await (await vault()).close()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe('a vault mounted in Next', () => {
  it('signs its owner in, stores and reads secrets, and deletes them, through the handlers of its route', async () => {
    const signedIn = await call('POST', 'auth/token', { email: 'you@example.com', password })
    const { access_token: token } = (await signedIn.json()) as { access_token: string }
    const made = await call('POST', 'vaults', { name: 'prod' }, token)
    const { id } = (await made.json()) as { id: string }
    const secrets = `vaults/${id}/secrets`
    expect((await call('PUT', `${secrets}/db/password`, { value }, token)).status).toBe(201)
    for (const path of ['db/password', 'db%2Fpassword']) {
      const read = await call('GET', `${secrets}/${path}`, undefined, token)
      expect(await read.json()).toMatchObject({ path: 'db/password', value })
      expect(read.headers.get('cache-control')).toBe('no-store')
    }
    expect((await call('DELETE', `${secrets}/db/password`, undefined, token)).status).toBe(204)
    expect((await call('GET', `${secrets}/db/password`, undefined, token)).status).toBe(410)
  })

  it('lets nobody in who shows nothing', async () => {
    expect((await call('GET', 'vaults')).status).toBe(401)
  })
})

const handlers = { DELETE, GET, POST, PUT }

function call(method: keyof typeof handlers, path: string, body?: object, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const said = body === undefined ? {} : { body: JSON.stringify(body) }
  return handlers[method](new Request(`https://example.com/vault/v1/${path}`, { method, headers, ...said }))
}
