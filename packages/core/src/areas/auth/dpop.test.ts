import { memoryHsm, memoryStorage, seededRandom } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64url, utf8 } from '../../kernel/bytes.ts'
import { minute, second } from '../../kernel/time.ts'
import { nobleCrypto } from '../../ports/reference/crypto.ts'

// Goal: a token that is bound to a key opens nothing without a proof of that key, made for this one request (RFC 9449,
// section 4.3). Method: proofs that jose signs, each spoiled in one thing, against a whole engine.

type Key = Awaited<ReturnType<typeof newKey>>

async function newKey(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, privateKey, privateJwk: await exportJWK(privateKey), jwk: await exportJWK(publicKey) }
}

let key: Key
let otherKey: Key
beforeAll(async () => {
  key = await newKey()
  otherKey = await newKey()
})

const url = 'https://vault.example.com/v1/vaults'
const wholeMinute = (world: World) => Math.floor(world.clock.now() / second)
const hash = (token: string) => base64url(nobleCrypto.sha256(utf8(token)))

let jtis = 0

interface Spoiled {
  readonly header?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
  readonly by?: Key
  readonly method?: string
  readonly url?: string
}

/** A good proof but for what it is told, and the request that it came with. */
async function possession(world: World, { header = {}, claims = {}, by = key, ...request }: Spoiled = {}) {
  const { method = 'GET', url: at = url } = request
  const payload = { jti: `jti-${++jtis}`, htm: method, htu: at, iat: wholeMinute(world), ...claims }
  const proof = await new SignJWT(payload)
    .setProtectedHeader({ alg: by.alg, typ: 'dpop+jwt', jwk: by.jwk, ...header } as never)
    .sign(by.privateKey)
  return { proof, method, url: at }
}

const started = () => testPawl({ publicUrl: 'https://vault.example.com' })

/** A token that is bound to the key, exchanged with a proof. */
async function boundToken(world: World, apiKey: string, by = key) {
  const proof = await possession(world, { method: 'POST', by })
  const answer = await world.pawl.as({ possession: proof }).auth.agentToken({ api_key: apiKey })
  return answer.access_token.reveal()
}

const claimsOf = (token: string) => JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))

async function bound() {
  const world = await started()
  const { key: apiKey, id } = await world.agent()
  const bearer = await boundToken(world, apiKey)
  const list = (origin: object) => world.pawl.as({ bearer, ...origin }).vaults.list()
  return { world, id, apiKey, bearer, list, [Symbol.asyncDispose]: () => world.close() }
}

const refused = (reason?: string) => ({
  kind: 'unauthenticated',
  code: 'invalid_dpop_proof',
  ...(reason === undefined ? {} : { message: expect.stringContaining(reason) }),
})

describe('a bound token', () => {
  it('works with a new proof for each request, as Bearer without ath and as DPoP with it (3.12)', async () => {
    await using vault = await bound()
    const { world, bearer, list } = vault
    await expect(list({ possession: await possession(world) })).resolves.toBeDefined()
    const proof = await possession(world, { claims: { ath: hash(bearer) } })
    await expect(list({ possession: proof, scheme: 'dpop' })).resolves.toBeDefined()
    const both = await possession(world, { claims: { ath: hash(bearer) } })
    await expect(list({ possession: both })).resolves.toBeDefined()
  })

  it.each(['EdDSA', 'Ed25519'])('may be bound to a key for %s', async (alg) => {
    await using world = await started()
    const by = await newKey(alg)
    const { key: apiKey } = await world.agent()
    const bearer = await boundToken(world, apiKey, by)
    const list = (proof: object) => world.pawl.as({ bearer, possession: proof as never }).vaults.list()
    await expect(list(await possession(world, { by }))).resolves.toBeDefined()
    await expect(list(await possession(world))).rejects.toMatchObject(refused('another key'))
  })

  it('opens nothing alone (row 8)', async () => {
    await using vault = await bound()
    await expect(vault.list({})).rejects.toMatchObject(refused('missing'))
    await expect(vault.list({ scheme: 'dpop' })).rejects.toMatchObject(refused('missing'))
  })

  const spoiled: Record<string, [Spoiled | ((world: World) => Promise<Spoiled> | Spoiled), string]> = {
    'row 2: another typ': [{ header: { typ: 'JWT' } }, 'typ'],
    'row 2: no typ': [{ header: { typ: undefined } }, 'typ'],
    'row 4: another method': [{ claims: { htm: 'POST' } }, 'htm'],
    'row 4: the method in lower case': [{ claims: { htm: 'get' } }, 'htm'],
    'row 4: no method': [{ claims: { htm: undefined } }, 'htm'],
    'row 4: another path': [{ claims: { htu: `${url}/x` } }, 'htu'],
    'row 4: another host': [{ claims: { htu: 'https://evil.example.com/v1/vaults' } }, 'htu'],
    'row 4: another scheme': [{ claims: { htu: 'http://vault.example.com/v1/vaults' } }, 'htu'],
    'row 4: another port': [{ claims: { htu: 'https://vault.example.com:8443/v1/vaults' } }, 'htu'],
    'row 4: a user in the URL': [{ claims: { htu: 'https://x@vault.example.com/v1/vaults' } }, 'htu'],
    'row 4: no URL': [{ claims: { htu: 7 } }, 'htu'],
    'row 5: too old': [(world) => ({ claims: { iat: wholeMinute(world) - 301 } }), 'iat'],
    'row 5: from the future': [(world) => ({ claims: { iat: wholeMinute(world) + 301 } }), 'iat'],
    'row 5: without a time': [{ claims: { iat: undefined } }, 'iat'],
    'row 5: with text for a time': [{ claims: { iat: 'now' } }, 'iat'],
    'row 6: without an id': [{ claims: { jti: undefined } }, 'jti'],
    'row 6: with an empty id': [{ claims: { jti: '' } }, 'jti'],
    'row 6: with an endless id': [{ claims: { jti: 'x'.repeat(257) } }, 'jti'],
    'row 7: for another token': [{ claims: { ath: hash('another') } }, 'ath'],
    'row 7: with a hash that is a number': [{ claims: { ath: 1 } }, 'ath'],
    'row 8: of another key': [async () => ({ by: otherKey }), 'another key'],
    'row 3: no jwk': [{ header: { jwk: undefined } }, 'jwk'],
    'row 3: a private jwk': [async () => ({ header: { jwk: key.privateJwk } }), 'jwk'],
    'row 3: the jwk of another key': [async () => ({ header: { jwk: otherKey.jwk } }), 'signature'],
    'row 3: a symmetric jwk': [{ header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'jwk'],
    'row 3: a jwk of another curve': [async () => ({ header: { jwk: { ...key.jwk, crv: 'P-384' } } }), 'jwk'],
    'row 3: a point that is not on the curve': [
      async () => ({ header: { jwk: { ...key.jwk, y: key.jwk.x } } }),
      'signature',
    ],
    'row 3: a jwk that is text': [{ header: { jwk: 'key' } }, 'jwk'],
  }

  it.each(Object.entries(spoiled))('refuses a proof: %s', async (_, [spoil, reason]) => {
    await using vault = await bound()
    const { world, list } = vault
    const given = typeof spoil === 'function' ? await spoil(world) : spoil
    await expect(list({ possession: await possession(world, given) })).rejects.toMatchObject(refused(reason))
    await expect(list({ possession: await possession(world) })).resolves.toBeDefined()
  })

  it('row 1: refuses what is not exactly one signed JWT', async () => {
    await using vault = await bound()
    const { world, list } = vault
    const good = await possession(world)
    const [head, body, tail] = good.proof.split('.')
    const wrong = [
      '',
      'x',
      'a.b',
      `${good.proof}.x`,
      `${good.proof}, ${good.proof}`,
      `${good.proof} `,
      `${head}.${body}.`,
    ]
    for (const proof of [...wrong, `${head}..${tail}`, 'é.é.é', `${'a'.repeat(5_000)}.b.c`]) {
      await expect(list({ possession: { ...good, proof } })).rejects.toMatchObject(refused())
    }
  })

  it('row 2: refuses every algorithm that is not listed: none, symmetric, or another', async () => {
    await using vault = await bound()
    const { world, list } = vault
    const part = (value: unknown) => base64url(utf8(JSON.stringify(value)))
    const claims = part({ jti: 'x', htm: 'GET', htu: url, iat: wholeMinute(world) })
    for (const alg of ['none', 'HS256', 'RS256', 'ES384', 'es256', undefined]) {
      const proof = `${part({ alg, typ: 'dpop+jwt', jwk: key.jwk })}.${claims}.${base64url(utf8('x'.repeat(64)))}`
      await expect(list({ possession: { proof, method: 'GET', url } })).rejects.toMatchObject(refused('alg'))
    }
  })

  it('row 7: needs the hash of the token where the scheme is DPoP', async () => {
    await using vault = await bound()
    const { world, list } = vault
    const asked = list({ scheme: 'dpop', possession: await possession(world) })
    await expect(asked).rejects.toMatchObject(refused('ath'))
  })

  it('row 4: takes the URL with a query, a default port, or another name of the loopback interface', async () => {
    await using vault = await bound()
    const { world, list } = vault
    for (const htu of [`${url}?a=b`, `${url}#x`, 'https://VAULT.example.com:443/v1/vaults']) {
      await expect(list({ possession: await possession(world, { claims: { htu } }) })).resolves.toBeDefined()
    }
    const at = 'http://127.0.0.1:8210/v1/vaults'
    const local = await possession(world, { url: at, claims: { htu: 'http://localhost:8210/v1/vaults' } })
    await expect(list({ possession: local })).resolves.toBeDefined()
  })

  it('row 5: takes a proof from a clock that differs by up to five minutes', async () => {
    await using vault = await bound()
    for (const iat of [-299, 299].map((seconds) => wholeMinute(vault.world) + seconds)) {
      const proof = await possession(vault.world, { claims: { iat } })
      await expect(vault.list({ possession: proof })).resolves.toBeDefined()
    }
  })
})

describe('a proof that was used (row 6)', () => {
  it('is refused, also when the request was refused, until no clock accepts it any more', async () => {
    await using vault = await bound()
    const { world, bearer } = vault
    const at = 'https://vault.example.com/v1/vaults/x'
    const get = (proof: object) =>
      world.pawl.as({ bearer, possession: { ...proof } as never }).vaults.get({ vault_id: world.org })
    const proof = await possession(world, { url: at, claims: { iat: wholeMinute(world) + 299 } })
    await expect(get(proof)).rejects.toMatchObject({ kind: 'not_found' })
    await expect(get(proof)).rejects.toMatchObject(refused('used'))
    world.clock.advance(9 * minute)
    await world.pawl.runJobs()
    await expect(get(proof)).rejects.toMatchObject(refused('used'))
    world.clock.advance(2 * minute)
    await world.pawl.runJobs()
    await expect(get(proof)).rejects.toMatchObject(refused('iat'))
    world.clock.advance(60 * minute)
    await world.pawl.runJobs()
    expect(world.storedKinds().usedProof ?? 0).toBe(0)
  })

  it('opens the vault to one of 50 requests at once', async () => {
    await using vault = await bound()
    const proof = await possession(vault.world)
    const asked = Array.from({ length: 50 }, () => vault.list({ possession: { ...proof } }))
    const settled = await Promise.allSettled(asked)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is refused by every engine on the storage', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm({ random: seededRandom('hsm') })
    const options = { storage, hsm, publicUrl: 'https://vault.example.com' }
    const world = await testPawl(options)
    await using other = await testPawl({ ...options, seed: 'other', clock: world.clock })
    const { key: apiKey } = await world.agent()
    const bearer = await boundToken(world, apiKey)
    const proof = await possession(world)
    const list = ({ pawl }: World) => pawl.as({ bearer, possession: { ...proof } }).vaults.list()
    await expect(list(world)).resolves.toBeDefined()
    await expect(list(other)).rejects.toMatchObject(refused('used'))
  })

  it('may serve several calls of the one request that it came with', async () => {
    await using vault = await bound()
    const proof = await possession(vault.world)
    const origin = { possession: proof }
    await vault.list(origin)
    await expect(vault.list(origin)).resolves.toBeDefined()
    await expect(vault.list({ possession: { ...proof } })).rejects.toMatchObject(refused('used'))
  })

  it('with the same id but of another key is another one', async () => {
    await using vault = await bound()
    const { world, list } = vault
    const { key: second } = await world.agent()
    const theirs = await boundToken(world, second, otherKey)
    const claims = { jti: 'the same' }
    await list({ possession: await possession(world, { claims }) })
    const asked = list({ bearer: theirs, possession: await possession(world, { claims, by: otherKey }) })
    await expect(asked).resolves.toBeDefined()
  })
})

describe('the exchange for a bound token', () => {
  const thumbprint = ({ crv, kty, x, y }: JWK) => hash(JSON.stringify({ crv, kty, x, y }))

  it('binds to the key of the proof, or to the one that the body names (3.12)', async () => {
    await using world = await started()
    const { key: api_key } = await world.agent()
    const dpop_jwk = { ...key.jwk, key_ops: ['verify'], ext: true } as never
    const tokens = [
      await world.pawl.as({}).auth.agentToken({ api_key, dpop_jwk }),
      await world.pawl.as({ possession: await possession(world) }).auth.agentToken({ api_key, dpop_jwk }),
      await world.pawl.as({ possession: await possession(world) }).auth.agentToken({ api_key }),
      await world.pawl.as({ possession: await possession(world) }).auth.apiKeyToken({ api_key }),
    ]
    for (const { access_token, token_type } of tokens) {
      expect(token_type).toBe('Bearer')
      expect(claimsOf(access_token.reveal()).cnf).toEqual({ jkt: thumbprint(key.jwk) })
    }
  })

  it('binds the tokens of people too', async () => {
    await using world = await started()
    const password = tagged('Correct-Horse-7')
    await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const origin = { possession: await possession(world, { method: 'POST' }) }
    const { access_token } = await world.pawl.as(origin).auth.token({ email: 'ada@example.com', password })
    const bearer = access_token.reveal()
    await expect(world.pawl.as(bearer).auth.me()).rejects.toMatchObject(refused())
    const me = world.pawl.as({ bearer, possession: await possession(world) }).auth.me()
    await expect(me).resolves.toMatchObject({ email: 'ada@example.com' })
  })

  it('refuses a key that is none, a private one, and another than that of the proof', async () => {
    await using world = await started()
    const { key: api_key } = await world.agent()
    const wrong = [{}, { kty: 'EC' }, { ...key.jwk, crv: 'P-521' }, key.privateJwk, { ...key.jwk, x: 'AA' }]
    for (const dpop_jwk of wrong) {
      const asked = world.pawl.as({}).auth.agentToken({ api_key, dpop_jwk: dpop_jwk as never })
      await expect(asked).rejects.toMatchObject({ data: { fields: { dpop_jwk: expect.any(String) } } })
    }
    const origin = { possession: await possession(world) }
    const asked = world.pawl.as(origin).auth.agentToken({ api_key, dpop_jwk: otherKey.jwk as never })
    await expect(asked).rejects.toMatchObject(refused('dpop_jwk'))
  })

  it('refuses an invalid and a used proof', async () => {
    await using world = await started()
    const { key: api_key } = await world.agent()
    const exchange = (proof: object) =>
      world.pawl.as({ possession: { ...proof } as never }).auth.agentToken({ api_key })
    await expect(exchange(await possession(world, { claims: { htm: 'PUT' } }))).rejects.toMatchObject(refused('htm'))
    const proof = await possession(world)
    await exchange(proof)
    await expect(exchange(proof)).rejects.toMatchObject(refused('used'))
  })

  it('row 9, B6: a refreshed token stays bound to its key, and no other key refreshes it', async () => {
    await using vault = await bound()
    const { world, bearer } = vault
    const refresh = (proof: object | null) => world.pawl.as({ bearer, possession: proof as never }).auth.refresh()
    await expect(refresh(null)).rejects.toMatchObject(refused())
    await expect(refresh(await possession(world, { by: otherKey }))).rejects.toMatchObject(refused('another key'))
    const { access_token } = await refresh(await possession(world))
    expect(claimsOf(access_token.reveal()).cnf).toEqual(claimsOf(bearer).cnf)
  })

  it('is needed for a federated token as well: the subject must be proven', async () => {
    await using world = await started()
    const audience = 'https://api.example.com'
    const { key: apiKey } = await world.agent({ federation_enabled: true, federation_audiences: [audience] })
    const subject_token = await boundToken(world, apiKey)
    const exchange = (possession: object | null, bearer: string | null = null) =>
      world.pawl.as({ possession: possession as never, bearer }).auth.federatedToken({ subject_token, audience })
    await expect(exchange(null)).rejects.toMatchObject(refused())
    const proof = await possession(world)
    await expect(exchange({ ...proof })).resolves.toBeDefined()
    await expect(exchange({ ...proof })).rejects.toMatchObject(refused('used'))
    await expect(exchange(await possession(world), subject_token)).resolves.toBeDefined()
  })
})

describe('an organisation', () => {
  const set = (world: World, key: string, value: string) => world.owner.orgs.changeSetting({ key, value })

  it('that does not care (the default) ignores a proof beside an unbound token', async () => {
    await using world = await started()
    const { key: bearer } = await world.agent()
    const asked = world.pawl.as({ bearer, possession: { proof: 'nonsense', method: 'GET', url } }).vaults.list()
    await expect(asked).resolves.toBeDefined()
    await expect(world.pawl.as({ bearer, scheme: 'dpop' }).vaults.list()).rejects.toMatchObject(refused('not bound'))
  })

  it('that warns takes unbound credentials, tells the operator once per hour, and refuses wrong proofs', async () => {
    const lines: string[] = []
    await using world = await testPawl({ log: (_, message, fields) => lines.push(`${message} ${fields?.principal}`) })
    const { key: bearer, id } = await world.agent()
    await set(world, 'dpop', 'warn')
    const list = () => world.pawl.as(bearer).vaults.list()
    await list()
    await list()
    expect(lines.filter((line) => line.includes('DPoP'))).toEqual([expect.stringContaining(`agent:${id}`)])
    const wrong = { proof: 'nonsense', method: 'GET', url }
    const asked = world.pawl.as({ bearer, possession: wrong }).vaults.list()
    await expect(asked).rejects.toMatchObject(refused())
  })

  it('that requires it refuses unbound tokens and plain keys, and issues no unbound token', async () => {
    await using world = await started()
    const { key: apiKey } = await world.agent()
    const before = (await world.pawl.as({}).auth.agentToken({ api_key: apiKey })).access_token.reveal()
    await set(world, 'dpop', 'required')
    for (const bearer of [before, apiKey]) {
      await expect(world.pawl.as(bearer).vaults.list()).rejects.toMatchObject(refused('requires'))
    }
    await expect(world.pawl.as({}).auth.agentToken({ api_key: apiKey })).rejects.toMatchObject(refused('requires'))
    const bearer = await boundToken(world, apiKey)
    await expect(world.pawl.as({ bearer, possession: await possession(world) }).vaults.list()).resolves.toBeDefined()
    await expect(world.owner.vaults.list()).resolves.toBeDefined()
  })

  it('row 5: that wants a nonce names it, and takes the present and the last one', async () => {
    await using vault = await bound()
    const { world, list } = vault
    await set(world, 'dpop_nonce', 'on')
    const wanted = async (claims = {}) =>
      list({ possession: await possession(world, { claims }) }).catch((error) => error)
    const first = await wanted()
    expect(first).toMatchObject({
      kind: 'unauthenticated',
      code: 'use_dpop_nonce',
      data: { nonce: expect.any(String) },
    })
    const { nonce } = first.data
    expect(await wanted({ nonce })).toHaveProperty('vaults')
    expect(await wanted({ nonce: 'made-up' })).toMatchObject({ code: 'use_dpop_nonce' })
    world.clock.advance(5 * minute)
    expect(await wanted({ nonce })).toHaveProperty('vaults')
    world.clock.advance(5 * minute)
    expect(await wanted({ nonce })).toMatchObject({ code: 'use_dpop_nonce' })
  })

  it('cannot lock out who sets it: only a caller with a bound token, or an embedder, requires it', async () => {
    await using world = await started()
    const bearer = (await world.owner.auth.refresh()).access_token.reveal()
    const asked = world.pawl.as(bearer).orgs.changeSetting({ key: 'dpop', value: 'required' })
    await expect(asked).rejects.toMatchObject({ data: { fields: { value: expect.any(String) } } })
    await expect(set(world, 'dpop', 'sometimes')).rejects.toMatchObject({ kind: 'invalid' })
    expect((await world.owner.orgs.settings()).settings).toMatchObject({ dpop: 'off', dpop_nonce: 'off' })
  })
})
