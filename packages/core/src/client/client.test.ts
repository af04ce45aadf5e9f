import { inspect } from 'node:util'
import { operation, PawlError } from '@pawl/core'
import { clientRoutes } from '@pawl/core/surfaces'
import { searchFor, tagged } from '@pawl/testkit/canary'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import * as z from 'zod'
import { createClient, Secret } from './index.ts'

// Goal: a client is opened with a key and forgotten about. Method: a whole vault behind a real server, a clock that is
// turned for both sides at once, and an eye on what goes over the wire.

const hour = 3_600_000
const password = tagged('Correct-Horse-7')

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

async function open() {
  const vault = await startLocalVault({
    secrets: { 'db/password': tagged('hunter2') },
    agents: { reporter: ['db/*'] },
  })
  onTestFinished(() => vault.close())
  const requests: string[] = []
  const urls: string[] = []
  const bearers: string[] = []
  const watching: typeof fetch = (url, init) => {
    urls.push(String(url))
    requests.push(`${init?.method} ${new URL(String(url)).pathname}`)
    bearers.push(new Headers(init?.headers).get('authorization') ?? '')
    return fetch(url, init)
  }
  const options = { url: vault.url, fetch: watching }
  return {
    vault,
    options,
    requests,
    urls,
    bearers,
    path: { vault_id: vault.vaultId, path: 'db/password' },
    key: vault.agents.reporter.key,
    pass: (milliseconds: number) => {
      vault.clock.advance(milliseconds)
      vi.setSystemTime(Date.now() + milliseconds)
    },
    /** Someone of the organisation who signs in with a password. */
    person: async () => {
      const email = 'person@example.com'
      const { id } = await vault.owner.orgs.addMember({ email, password, role: 'admin' })
      return { id, email, password }
    },
  }
}

const exchange = 'POST /v1/auth/agent-token'
const refresh = 'POST /v1/auth/refresh'
const me = 'GET /v1/agents/me'

describe('with nothing but a key', () => {
  test('a secret comes as it does in-process', async () => {
    const { options, key, path } = await open()
    const { value } = await createClient({ ...options, apiKey: key }).secrets.get(path)
    expect([`${value}`, value.reveal()]).toEqual(['[secret]', tagged('hunter2')])
  })

  test('it is exchanged at the first call, once for all that wait, and then kept to itself', async () => {
    const { options, key, requests, bearers } = await open()
    const pawl = createClient({ ...options, apiKey: Secret.of(key) })
    expect(requests).toEqual([])
    await Promise.all([pawl.agents.me(), pawl.agents.me(), pawl.agents.me()])
    await pawl.agents.me()
    expect(requests).toEqual([exchange, me, me, me, me])
    expect(bearers.join()).not.toContain(key)
  })

  test('its token is renewed a minute before it ends, and begun anew when its session is over', async () => {
    const { options, key, requests, pass } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    await pawl.agents.me()
    pass(hour - 61_000)
    await pawl.agents.me()
    expect(requests).toEqual([exchange, me, me])
    pass(2_000)
    await pawl.agents.me()
    expect(requests.slice(3)).toEqual([refresh, me])
    requests.length = 0
    pass(25 * hour)
    await pawl.agents.me()
    expect(requests).toEqual([refresh, exchange, me])
  })

  test('a token that was revoked is replaced, once', async () => {
    const { options, key, requests } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    await pawl.auth.revoke()
    requests.length = 0
    await Promise.all([pawl.agents.me(), pawl.agents.me()])
    expect(requests.filter((one) => one === exchange)).toHaveLength(1)
    expect(requests.filter((one) => one === me)).toHaveLength(4)
  })

  test('a key that was revoked ends in the error that says so', async () => {
    const { options, key, vault, requests } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    await pawl.agents.me()
    await vault.owner.agents.rotateKey({ agent_id: vault.agents.reporter.id, overlap_seconds: 0 })
    requests.length = 0
    await expect(pawl.agents.me()).rejects.toMatchObject({ kind: 'unauthenticated', code: 'invalid_key' })
    expect(requests).toEqual([me, exchange])
  })

  test('the key of a user will do as well', async () => {
    const { options, vault } = await open()
    const { api_key } = await vault.owner.auth.createApiKey({ name: 'laptop' })
    const pawl = createClient({ ...options, apiKey: api_key })
    expect(await pawl.auth.me()).toEqual(await vault.owner.auth.me())
  })

  test('F2: neither key nor token is in anything that can be looked at', async () => {
    const { options, key, bearers } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    await pawl.agents.me()
    const failure = await createClient({ ...options, apiKey: `${key}x` })
      .agents.me()
      .catch((error) => error)
    const shown = [pawl, pawl.agents.me, pawl.request, failure].map((one) =>
      inspect(one, { showHidden: true, depth: 9 }),
    )
    const token = bearers.find((one) => one.startsWith('Bearer ey'))?.slice('Bearer '.length) ?? ''
    expect(token).not.toBe('')
    for (const secret of [key, token]) expect(searchFor(secret)(Buffer.from(shown.join()))).toEqual([])
    expect(Object.keys(pawl)).not.toContain('request')
  })
})

describe('with other credentials', () => {
  test('a password signs in, and the token is refreshed rather than asked for again', async () => {
    const { options, person, requests, pass } = await open()
    const { id, ...credentials } = await person()
    const pawl = createClient({ ...options, ...credentials })
    expect((await pawl.auth.me()).id).toBe(id)
    pass(15 * 60_000 - 30_000)
    await pawl.auth.me()
    expect(requests).toEqual(['POST /v1/auth/token', 'GET /v1/auth/me', refresh, 'GET /v1/auth/me'])
  })

  test('a token is refreshed for as long as its session lasts', async () => {
    const { options, key, requests, pass } = await open()
    const { access_token } = await createClient(options).auth.agentToken({ api_key: key })
    const pawl = createClient({ ...options, token: access_token })
    await pawl.agents.me()
    pass(hour - 30_000)
    await pawl.agents.me()
    expect(requests.slice(1)).toEqual([me, refresh, me])
    pass(25 * hour)
    await expect(pawl.agents.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  test('there is one of them, and whole', async () => {
    const { options } = await open()
    expect(() => createClient({ ...options, apiKey: 'a', token: 'b' })).toThrow('one credential')
    expect(() => createClient({ ...options, email: 'a@example.com' })).toThrow('must be set together')
  })

  test('there may be none, for what is open to anybody', async () => {
    const { options, vault, path, urls } = await open()
    const passphrase = tagged('open sesame')
    const wanted = { vault_id: path.vault_id, secret_path: path.path, passphrase }
    const { id } = await vault.owner.sharing.createByPath({ ...wanted, recipient_type: 'anyone_with_link' })
    const pawl = createClient(options)
    const shared = await pawl.sharing.access({ share_id: id, passphrase: Secret.of(passphrase) })
    expect(shared.value.reveal()).toBe(tagged('hunter2'))
    expect(searchFor(passphrase)(Buffer.from(urls.join()))).toEqual([])
    await expect(pawl.vaults.list()).rejects.toMatchObject({ code: 'not_authenticated' })
  })

  test('what is asked while nobody can be known needs none that works', async () => {
    const { options, requests } = await open()
    const pawl = createClient({ ...options, apiKey: 'ocv_wrong' })
    expect(await pawl.seal.status()).toMatchObject({ sealed: false })
    expect(requests).toEqual(['GET /v1/seal'])
  })
})

describe('an error', () => {
  test('is the one of the engine, with what it says about fields', async () => {
    const { options, key, path, vault } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    const error = await pawl.secrets.get({ ...path, vault_id: 'x' }).catch((error) => error)
    expect(error).toBeInstanceOf(PawlError)
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_input', data: { fields: { vault_id: /uuid/i } } })
    const inProcess = await vault.agents.reporter.client.secrets.get({ ...path, path: 'x/y' }).catch((error) => error)
    const overHttp = await pawl.secrets.get({ ...path, path: 'x/y' }).catch((error) => error)
    expect([overHttp.kind, overHttp.code, overHttp.message]).toEqual(['denied', inProcess.code, inProcess.message])
  })
})

describe('any request', () => {
  test('goes with the credential, and once more with another when that is refused', async () => {
    const { options, key, requests } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    await pawl.auth.revoke()
    requests.length = 0
    const answer = await pawl.request('/v1/agents/me', { method: 'GET', headers: { authorization: 'Bearer other' } })
    expect([answer.status, await answer.json()]).toEqual([200, await pawl.agents.me()])
    expect(requests.slice(0, 3)).toEqual([me, exchange, me])
  })

  test('is sent once when its body can be read only once', async () => {
    const { options, key, requests } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    await pawl.auth.revoke()
    requests.length = 0
    const body = new Blob(['{}']).stream()
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    expect((await pawl.request('/v1/policies/explain', init)).status).toBe(401)
    expect(requests).toEqual(['POST /v1/policies/explain'])
  })

  test('goes to the vault and nowhere else', async () => {
    const { options, key, requests } = await open()
    const pawl = createClient({ ...options, apiKey: key })
    for (const path of ['@other.example/', 'http://other.example/', '.other.example/', '']) {
      await expect(pawl.request(path)).rejects.toThrow('must begin with a slash')
    }
    expect(requests).toEqual([])
  })
})

test('areas beside our own are called by the routes of their registry', async () => {
  const notes = {
    name: 'notes',
    operations: {
      shout: operation({
        name: 'notes.shout',
        summary: 'Say it louder.',
        http: { method: 'GET', path: '/v1/notes/{text+}', status: 200, id: 'shout', tag: 'Notes' },
        effect: 'read',
        access: { signedIn: ['user'] },
        audit: 'none',
        input: z.object({ text: z.string() }),
        output: z.object({ text: z.string() }),
        errors: [],
        run: (_, { text }) => ({ text: text.toUpperCase() }),
      }),
    },
  } as const
  await using vault = await startLocalVault({ engine: { areas: [notes] } })
  const { api_key } = await vault.owner.auth.createApiKey({ name: 'laptop' })
  const options = { url: vault.url, apiKey: api_key, routes: clientRoutes(vault.pawl.registry) }
  const pawl = createClient<[typeof notes]>(options)
  expect(await pawl.notes.shout({ text: 'a/b c' })).toEqual({ text: 'A/B C' })
  expect((await pawl.vaults.list()).vaults).toHaveLength(1)
})
