import { type Limit, rates } from '@pawl/core/area'
import { describe, expect, test } from 'vitest'
import { openApi } from '../src/http/openapi.ts'
import {
  bearerOf,
  type Case,
  cases,
  type Door,
  fieldsOf,
  isPublic,
  openDoor,
  requestOf,
  sealableHsm,
} from './attacks/door.ts'

// Goal: each operation that §2.3 limits is limited on the wire, and says when to call again. Method: what the operations of
// the registry declare is exceeded, each by its own example.

type AnyLimit = Limit<unknown>

/** Public operations that are no way to prove who one is, and send nothing to anybody. */
const others: Readonly<Record<string, string>> = {
  'logins.poll': 'A device asks every few seconds until its user has decided. Its code has 256 random bits.',
  'sharing.access': 'The id of a link has 122 random bits. The share counts wrong passphrases, and ends after ten.',
}

/** Public operations that take an e-mail address and send nothing there, so that no mailbox needs a limit. */
const quiet = ['logins.request', 'factors.beginPasskeySignIn']

const limited = cases.flatMap((one) =>
  (one.operation.limits ?? []).map((limit: AnyLimit) => [nameOf(one, limit), one, limit] as const),
)

describe('§2.3', () => {
  test('has these numbers', () => {
    expect(rates.requests).toEqual({ burst: 200, perSecond: 100 })
    for (const rate of [rates.signIn, rates.failures]) expect(rate).toEqual({ burst: 5, perSecond: 1 })
    const numbers = Object.fromEntries(
      limited.flatMap(([, { operation }, limit]) => ('quota' in limit ? [[operation.name, limit.quota.windows]] : [])),
    )
    const tenPerMinute = [{ max: 10, periodMs: 60_000 }]
    expect(numbers).toMatchObject({
      'sharing.create': tenPerMinute,
      'sharing.createByPath': tenPerMinute,
      'orgs.invite': tenPerMinute,
    })
  })

  test('limits, per IP address, each public operation that writes', () => {
    const isLimited = ({ operation }: Case) =>
      operation.limits?.some(({ per }: AnyLimit) => per === 'address' || per === 'credential')
    const unlimited = cases.filter((one) => isPublic(one) && one.operation.effect === 'write' && !isLimited(one))
    expect(unlimited.map(({ operation }) => operation.name).filter((name) => !(name in others))).toEqual([])
  })

  test('limits, per e-mail address, each public operation that takes one and proves nothing', () => {
    const isLimited = ({ operation }: Case) =>
      operation.limits?.some(({ per }: AnyLimit) => per === 'value' || per === 'credential')
    const unlimited = cases.filter((one) => isPublic(one) && 'email' in fieldsOf(one) && !isLimited(one))
    expect(unlimited.map(({ operation }) => operation.name).filter((name) => !quiet.includes(name))).toEqual([])
  })
})

describe('a call over the limit', () => {
  test.each(limited)('%s answers 429 with Retry-After and a problem', async (_, one, limit) => {
    const hsm = sealableHsm()
    await using door = await openDoor({ rateLimits: true, hsm }, { trustedProxies: ['127.0.0.1'] })
    // A vault that is open looks at no share.
    if (one.operation.whileSealed) await door.world.pawl.seal()
    const { max, send } = await exceeding(door, one, limit)
    for (let at = 0; at < max; at++) expect((await send(at)).status, `call ${at + 1}`).not.toBe(429)
    const { status, headers, json } = await send(max)
    expect(status).toBe(429)
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
    const detail = `Too many requests. Try again in ${headers['retry-after']} s.`
    expect(json).toEqual({ type: 'about:blank', title: 'Too Many Requests', status: 429, detail, code: 'rate_limited' })
    door.world.clock.advance(1_000 * Number(headers['retry-after']))
    expect((await send(max)).status).not.toBe(429)
  })

  test.each(limited)('%s is in the API description', (_, { operation }) => {
    const { http } = operation
    const document = openApi({ one: { operation } }, {}) as {
      paths: Record<string, Record<string, { responses: object }>>
    }
    expect(
      document.paths[http?.path.replace('+', '') ?? '']?.[http?.method.toLowerCase() ?? '']?.responses,
    ).toHaveProperty('429')
  })
})

/** How many calls a limit allows at one moment, and how each is made: from its own address, unless the address is limited. */
async function exceeding(door: Door, one: Case, limit: AnyLimit) {
  const { who, input } = await one.example(door.world)
  const bearer = await bearerOf(door.world, who)
  const [route] = one.routes
  if (!route) throw new Error('an operation without a route')
  const send = (given: typeof input, address: string) => {
    const { path, sent } = requestOf(route, given)
    return door.send(path, { ...sent, bearer, headers: { 'x-forwarded-for': address } })
  }
  if (limit.per === 'address') {
    // Each to another mailbox, because a mailbox has a limit of its own.
    const field = ['email', 'human_email'].find((name) => name in input)
    const to = (at: number) => (field ? { ...input, [field]: `p${at}@example.com` } : input)
    return { max: limit.rate.burst, send: (at: number) => send(to(at), '192.0.2.1') }
  }
  if (limit.per === 'credential') {
    const [field = ''] = [limit.field].flat()
    const wrong = (at: number) => ({ ...input, [field]: `wrong-${at}` })
    return { max: rates.failures.burst, send: (at: number) => send(wrong(at), '192.0.2.1') }
  }
  return {
    max: Math.min(...limit.quota.windows.map(({ max }) => max)),
    send: (at: number) => send(input, `192.0.2.${at}`),
  }
}

function nameOf({ operation }: Case, limit: AnyLimit): string {
  return `${operation.name}, limited per ${limit.per === 'credential' ? 'address and credential' : limit.per},`
}
