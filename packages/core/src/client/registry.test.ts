import { type AnyOperation, registry } from '@pawl/core'
import { clientRoutes, operationsOf, originOf } from '@pawl/core/surfaces'
import { createApp } from '@pawl/server/http'
import { type Example, examples, testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { some } from '../../../../tools/test-run/index.ts'
import { withBearers } from '../../../server/test/transports.ts'
import { createClient, PawlError, Secret } from './index.ts'
import { readRoute } from './route.ts'
import { routes } from './routes.ts'

// Goal: whoever calls a vault through the client cannot tell it from one in-process. Method: every operation is asked for
// its example twice, in two worlds that are made from the same seed, once in each way.

type Ask = (input: unknown) => Promise<unknown>

const reachable = Object.entries(routes).flatMap(([area, verbs]) =>
  Object.keys(verbs).map((verb) => {
    const operation = operationsOf(registry).find(({ name }) => name === `${area}.${verb}`) as AnyOperation
    return { name: operation.name, area, verb, operation }
  }),
)

function exampleOf(area: string, verb: string, world: World): Promise<Example> {
  const ofArea = (examples as Record<string, Record<string, (world: World) => Promise<Example>>>)[area]
  return ofArea?.[verb]?.(world) ?? Promise.reject(new Error(`no example for ${area}.${verb}`))
}

function askInProcess(world: World, operation: AnyOperation, who: Example['who']): Ask {
  return (input) => world.pawl.perform(operation, input, originOf(who))
}

function askOverHttp(world: World, area: string, verb: string, who: Example['who']): Ask {
  const isTrusted = typeof who === 'object' && ('user' in who || 'agent' in who)
  const app = createApp(withBearers(world.pawl, isTrusted ? { them: who } : {}), { now: world.clock.now })
  const client = createClient({
    url: 'http://vault.test',
    token: isTrusted ? 'them' : bearerOf(who),
    fetch: async (url, init) => app.fetch(new Request(url, init)),
  })
  return (client as unknown as Record<string, Record<string, Ask>>)[area]?.[verb] as Ask
}

/** What the caller shows. */
function bearerOf(who: Example['who']): string | undefined {
  if (typeof who === 'string') return who
  return typeof who === 'object' && 'bearer' in who ? (who.bearer ?? undefined) : undefined
}

/** What came of it, with secrets that can be compared and are still told from texts. */
async function outcome(asked: Promise<unknown>): Promise<unknown> {
  try {
    return plain(await asked)
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    const { kind, code, message, data } = error
    return { kind, code, message, fields: (data as { fields?: unknown } | undefined)?.fields }
  }
}

/** Each engine makes an RSA key of its own, which no seed decides. */
function withoutRsaSignature(text: unknown): unknown {
  const isRsa =
    typeof text === 'string' &&
    text.startsWith('eyJ') &&
    atob(text.split('.')[0]?.replaceAll('-', '+').replaceAll('_', '/') ?? '').includes('RS256')
  return isRsa ? text.slice(0, text.lastIndexOf('.')) : text
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: withoutRsaSignature(value.reveal()) }
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}

describe.each(some('operations that are compared over HTTP and in-process', 20, reachable))(
  '$name',
  ({ area, verb, operation }) => {
    async function inBoth(
      change: (example: Example, world: World) => Example | Promise<Example>,
    ): Promise<[unknown, unknown]> {
      await using here = await testPawl()
      await using there = await testPawl()
      const asked = await change(await exampleOf(area, verb, here), here)
      const alike = await change(await exampleOf(area, verb, there), there)
      expect(alike).toEqual(asked)
      return [
        await outcome(askInProcess(here, operation, asked.who)(asked.input)),
        await outcome(askOverHttp(there, area, verb, alike.who)(alike.input)),
      ]
    }

    test('gives the same as in-process', async () => {
      const [inProcess, overHttp] = await inBoth((example) => example)
      expect(overHttp).toEqual(inProcess)
    })

    const inHeaders = new Set(Object.keys(operation.http?.headers ?? {}))

    test('fails as in-process, for who may do nothing and for garbage', async () => {
      const asStranger = await inBoth(async ({ input }, world) => ({ who: { agent: (await world.agent()).id }, input }))
      expect(asStranger[1]).toEqual(asStranger[0])
      const [inProcess, overHttp] = await inBoth(({ who, input }) => ({
        who,
        // ASCII where a field travels as a header, which holds nothing else.
        input: Object.fromEntries(Object.keys(input).map((name) => [name, inHeaders.has(name) ? '?' : '§'.repeat(9)])),
      }))
      expect(overHttp).toEqual(inProcess)
    })
  },
)

test('the table is that of the registry, and has nothing that is for callers in-process only', () => {
  expect(routes).toEqual(clientRoutes(registry))
  const names = operationsOf(registry).flatMap(({ name, http }) => (http ? [name] : []))
  expect(reachable.map(({ name }) => name)).toEqual(names)
})

test('F1: no operation takes a secret by a URL', () => {
  const probe = Secret.of('any text')
  const takesIt = (field: unknown) => field instanceof z.ZodType && field.safeParse(probe).success
  const inUrl = reachable.flatMap(({ area, verb, operation }) => {
    const route = readRoute(clientRoutes(registry)[area]?.[verb] ?? '')
    const fields = Object.entries(operation.input instanceof z.ZodObject ? operation.input.shape : {})
    const secrets = fields.filter(([, field]) => takesIt(field)).map(([name]) => name)
    const inHeaders = new Set(route.headers.map(([field]) => field))
    const isInUrl = (name: string) => route.method === 'GET' && !inHeaders.has(name)
    return secrets.filter((name) => isInUrl(name) || route.path.includes(`{${name}`))
  })
  expect(inUrl).toEqual([])
  expect(reachable.some(({ operation: { input } }) => input instanceof z.ZodObject && takesIt(input.shape.value))).toBe(
    true,
  )
})
