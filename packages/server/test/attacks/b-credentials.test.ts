import { nodeCrypto } from '@pawl/adapters/crypto/node'
import type { Limit } from '@pawl/core/area'
import { memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { sentIn } from '@pawl/testkit/world'
import { recording } from '@pawl/testkit/wrappers'
import { describe, expect, test } from 'vitest'
import type { Sent } from '../transports.ts'
import { cases, type Door, openDoor, requestOf } from './door.ts'

// Goal: guesses at credentials cost more than they give, and text that is no credential is not looked up.

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describe('H7: text that has not the shape of a key', () => {
  test('is refused before it is hashed or looked up, whatever it would mean to a database', async () => {
    const hashed: string[] = []
    const crypto = nodeCrypto()
    const sha256: typeof crypto.sha256 = (bytes) => {
      hashed.push(Buffer.from(bytes).toString())
      return crypto.sha256(bytes)
    }
    await using door = await openDoor({ crypto: { ...crypto, sha256 } })
    const { key } = await door.world.agent()
    const tricks = [
      "' OR '1'='1",
      "ocv_' OR '1'='1",
      `${key}' --`,
      `${key.slice(0, -1)}%`,
      'ocv_',
      `1ck_${'é'.repeat(43)}`,
    ]
    for (const api_key of tricks) {
      const answers = [
        await door.send('/v1/auth/agent-token', post({ api_key })),
        await door.send('/v1/auth/api-key-token', post({ api_key })),
      ]
      for (const { status, text } of answers) {
        expect([api_key, status]).toEqual([api_key, 401])
        expect(text).not.toMatch(/sql|syntax|OR '1'/i)
      }
    }
    for (const trick of tricks) expect(hashed).not.toContain(trick)
    expect((await door.send('/v1/auth/agent-token', post({ api_key: key }))).status).toBe(200)
    // What is looked up passes through here.
    expect(hashed).toContain(key)
  })
})

describe('B19: a secret that a caller guesses', () => {
  /** Every secret that opens something without another one, and the request that shows it. */
  async function secretsOf({ world }: Door) {
    const { owner, pawl, mail } = world
    const { key } = await world.agent()
    const { api_key } = await owner.auth.createApiKey({ name: 'laptop' })
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id, path: 'a', value: tagged('value') })
    const share = await owner.sharing.createByPath({ vault_id, secret_path: 'a' })
    await owner.orgs.invite({ email: 'ada@example.com', role: 'member' })
    await owner.orgs.addMember({ email: 'bob@example.com', password: tagged('Correct-Horse-7') })
    await pawl.as({}).accounts.forgotPassword({ email: 'bob@example.com' })
    await pawl.as({}).accounts.signUp({ email: 'eve@example.com', password: tagged('Correct-Horse-8') })
    await pawl.runJobs()
    const sentTo = (email: string) =>
      /token=([\w-]+)/.exec(mail.sent.find(({ to }) => to === email)?.text ?? '')?.[1] ?? ''
    const password = tagged('Correct-Horse-9')
    const show = (path: string, body: (secret: string) => object) => (secret: string) =>
      ({ path, ...post(body(secret)) }) as const
    const bearer = (secret: string) => ({ path: '/v1/vaults', bearer: secret })
    return {
      'the key of an agent': [key, show('/v1/auth/agent-token', (api_key) => ({ api_key }))],
      'the key of a user': [api_key.reveal(), show('/v1/auth/api-key-token', (api_key) => ({ api_key }))],
      'a key as a bearer': [key, bearer],
      'a link share': [share.id, (id: string) => ({ path: `/v1/share/${id}` })],
      'an invitation': [sentTo('ada@example.com'), show('/v1/org/invite/accept', (token) => ({ token, password }))],
      'a lost password': [
        sentTo('bob@example.com'),
        show('/v1/auth/reset-password', (token) => ({ token, new_password: password })),
      ],
      'a new account': [sentTo('eve@example.com'), show('/v1/auth/verify-email', (token) => ({ token }))],
    } as const satisfies Record<string, readonly [string, (secret: string) => Sent & { path: string; bearer?: string }]>
  }

  test('is looked up by a hash, so a guess that begins right finds nothing sooner', async () => {
    const { exclusive: _, ...memory } = memoryStorage()
    const storage = recording(memory)
    await using door = await openDoor({ storage })
    for (const [what, [secret, request]] of Object.entries(await secretsOf(door))) {
      expect(secret.length, what).toBeGreaterThan(30)
      const last = secret.at(-1) === '0' ? '1' : '0'
      const asked: string[] = []
      // Once right in all but the last character, and once right.
      for (const guess of [secret.slice(0, -1) + last, secret]) {
        const before = storage.calls.length
        const { path, ...sent } = request(guess)
        const { status } = await door.send(path, sent)
        expect([what, guess === secret ? status < 300 : status >= 400 && status < 500]).toEqual([what, true])
        asked.push(JSON.stringify(storage.calls.slice(before)))
      }
      expect(asked[0], what).not.toBe('[]')
      const beginning = secret.replace(/^(1ck_|ocv_)/, '').slice(0, 10)
      for (const one of asked) expect(one, what).not.toContain(beginning)
    }
  })
})

describe('B24: guesses at a password', () => {
  test('are limited for each address, and the limit says when to go on', async () => {
    await using door = await openDoor({ rateLimits: true })
    const guess = (number: number) =>
      door.send('/v1/auth/token', post({ email: `user-${number}@example.com`, password: tagged(`guess-${number}`) }))
    const answers: Awaited<ReturnType<typeof guess>>[] = []
    for (let number = 0; number < 40; number++) answers.push(await guess(number))
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(20)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
    expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    door.world.clock.advance(60_000)
    expect((await guess(41)).status).toBe(401)
  })
})

describe('B13: wrong proofs of identity', () => {
  const proving = cases.filter(({ operation }) =>
    operation.limits?.some(({ per }: Limit<never>) => per === 'credential'),
  )

  test('count together, whichever operation checks them: five from one address, over all of them', async () => {
    await using door = await openDoor({ rateLimits: true }, { trustedProxies: ['127.0.0.1'] })
    const attempts = proving
      .filter(({ operation }) => !operation.whileSealed)
      .map(({ operation, routes: [route] }) => ({ operation, route }))
    expect(attempts.length).toBeGreaterThanOrEqual(5)
    const statuses: number[] = []
    for (let at = 0; at < attempts.length + 5; at++) {
      const { operation, route } = attempts[at % attempts.length] ?? {}
      if (!operation || !route) throw new Error('an operation without a route')
      const { path, sent } = requestOf(route, wrongFor(operation.name, at))
      const { status } = await door.send(path, { ...sent, headers: { 'x-forwarded-for': '192.0.2.1' } })
      statuses.push(status)
    }
    expect(statuses.slice(0, 5)).not.toContain(429)
    expect(new Set(statuses.slice(5))).toEqual(new Set([429]))
  })

  const wrongFor = (name: string, at: number): Record<string, string> => ({
    email: `nobody-${at}@example.com`,
    password: tagged(`Wrong-Guess-${at}`),
    new_password: tagged(`Wrong-Guess-${at}`),
    token: `wrong-${at}`,
    code: '000000',
    api_key: `ocv_wrong-${name}`,
  })
})

describe('B20, B14: a code by mail', () => {
  const [ada, eve] = ['ada@example.com', 'eve@example.com']

  async function twoPeople() {
    const door = await openDoor()
    for (const email of [ada, eve])
      await door.world.owner.orgs.addMember({ email, password: tagged('Correct-Horse-7') })
    const verify = (email: string, code: string) => door.send('/v1/auth/email-otp/verify', post({ email, code }))
    const codeFor = async (email: string) => {
      await door.send('/v1/auth/email-otp/send', post({ email }))
      await door.world.pawl.runJobs()
      return sentIn(door.world)
    }
    return { verify, codeFor, [Symbol.asyncDispose]: () => door[Symbol.asyncDispose]() }
  }

  test('signs in only the person whose mailbox got it, whatever address the caller names', async () => {
    await using people = await twoPeople()
    const code = await people.codeFor(eve)
    expect((await people.verify(ada, code)).status).toBe(400)
    const { status, json } = await people.verify(eve, code)
    expect([status, json.email]).toEqual([200, eve])
  })

  test('is used once in every spelling, and digits of other scripts are none', async () => {
    await using people = await twoPeople()
    const code = await people.codeFor(ada)
    const wide = String.fromCodePoint(...[...code].map((digit) => 0xff10 + Number(digit)))
    for (const spelling of [`${code.slice(0, 3)} ${code.slice(3)}`, wide, `0${code}`]) {
      expect((await people.verify(ada, spelling)).status, spelling).toBe(400)
    }
    expect((await people.verify(ada, code)).status).toBe(200)
    for (const spelling of [code, ` ${code}`, `${code}\n`]) {
      expect((await people.verify(ada, spelling)).status, JSON.stringify(spelling)).toBe(400)
    }
  })
})
