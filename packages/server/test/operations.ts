import { defineError, type Origin, operation, Secret } from '@pawl/core'
import { InputToRead } from '@pawl/core/surfaces'
import * as z from 'zod'
import type { Served } from '../src/http/index.ts'

// Operations made up for tests of the surface, and an engine that performs nothing else.

const everything = z.looseObject({})

const tooSpicy = defineError<{ retryAfterSeconds: number }>('too_spicy', 'limited', 'Too spicy.')
const needsApproval = defineError<{ approval_request_id: string }>('approval_required', 'denied', 'Ask first.')
const overLimit = defineError('resource_limit_exceeded', 'denied', 'vault limit reached (3/3 on free tier)')

/** Gives back its input, and who asked. */
export const echo = operation({
  name: 'echo.get',
  summary: 'Give back the input.',
  http: {
    method: 'GET',
    path: '/v1/echo/{first}/{rest+}',
    status: 200,
    id: 'echo',
    tag: 'Echo',
    aliases: [{ method: 'POST', path: '/v1/echo-post/{first}', status: 201 }],
  },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: 'none',
  input: everything,
  output: everything,
  errors: [],
  run: ({ origin }, input) => ({ ...input, bearer: origin.bearer ?? null }),
})

export const count = operation({
  name: 'count.list',
  summary: 'Give back typed fields of a query.',
  http: { method: 'GET', path: '/v1/count', status: 200, id: 'count', tag: 'Echo' },
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ limit: z.int().nullish(), deep: z.boolean().optional(), name: z.string().optional() }),
  output: everything,
  errors: [],
  run: (_, input) => ({ ...input }),
})

const newKey = operation({
  name: 'keys.create',
  summary: 'Make a key, shown once.',
  http: { method: 'POST', path: '/v1/keys', status: 201, id: 'newKey', tag: 'Keys' },
  effect: 'write',
  access: 'public',
  audit: 'none',
  limits: [{ per: 'credential', field: 'name', by: 'person' }],
  input: z.object({ name: z.string().optional() }),
  output: z.object({ key: secretField(), note: secretField(), codes: z.array(z.object({ code: secretField() })) }),
  reveals: ['key', 'codes.code'],
  errors: [tooSpicy],
  run: () => ({ key: Secret.of('shown'), note: Secret.of('hidden'), codes: [{ code: Secret.of('c1') }] }),
})

/** Takes the key `known` for one of an earlier call. */
const order = operation({
  name: 'orders.place',
  summary: 'Place an order, once for a key.',
  http: { method: 'POST', path: '/v1/orders', status: 201, id: 'placeOrder', tag: 'Orders' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  idempotent: true,
  input: z.object({}),
  output: everything,
  errors: [],
  run: ({ origin }) => {
    if (origin.idempotencyKey === 'known') origin.answeredBefore?.()
    return { key: origin.idempotencyKey }
  },
})

const readKey = operation({
  name: 'keys.get',
  summary: 'Read a key.',
  http: { method: 'GET', path: '/v1/keys/{id}', status: 200, id: 'readKey', tag: 'Keys' },
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ id: z.string() }),
  output: z.object({ key: secretField() }),
  reveals: ['key'],
  errors: [],
  run: () => ({ key: Secret.of('shown') }),
})

const nothing = operation({
  name: 'nothing.do',
  summary: 'Do nothing, and say so with 200.',
  http: { method: 'POST', path: '/v1/nothing', status: 200, id: 'nothing', tag: 'Nothing' },
  effect: 'write',
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z.undefined(),
  errors: [],
  run: () => undefined,
})

const remove = operation({
  name: 'nothing.remove',
  summary: 'Remove nothing.',
  http: { method: 'DELETE', path: '/v1/nothing', status: 204, id: 'removeNothing', tag: 'Nothing' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ confirmation: z.string().optional() }),
  output: z.undefined(),
  errors: [],
  run: () => undefined,
})

const failing = operation({
  name: 'failing.do',
  summary: 'Fail as asked.',
  http: { method: 'POST', path: '/v1/fail/{how}', status: 200, id: 'fail', tag: 'Nothing' },
  effect: 'write',
  access: 'public',
  audit: 'none',
  input: z.object({ how: z.string() }),
  output: everything,
  errors: [tooSpicy, needsApproval, overLimit],
  run: (_, { how }) => {
    if (how === 'spicy') throw tooSpicy({ retryAfterSeconds: 1.2 })
    if (how === 'approval') throw needsApproval({ approval_request_id: 'ab' })
    if (how === 'tier') throw overLimit()
    throw new Error('the database password is hunter2')
  },
})

export const registry = {
  echo: { get: echo },
  count: { list: count },
  keys: { create: newKey, get: readKey },
  nothing: { do: nothing, remove },
  orders: { place: order },
  failing: { do: failing },
}

function secretField() {
  return z.custom<Secret<string>>((given) => given instanceof Secret).meta({ type: 'string' })
}

export interface Performed {
  readonly name: string
  readonly input: unknown
  readonly origin: Origin
}

/** Performs an operation by running it, and keeps what it was asked. */
export function bareEngine(settings: Partial<Served['settings']> = {}): Served & { readonly performed: Performed[] } {
  const performed: Performed[] = []
  return {
    performed,
    registry,
    settings: {
      publicUrl: 'http://vault.test',
      mail: false,
      tiers: null,
      moneyServices: [],
      signUp: 'closed',
      identityProviders: [],
      geo: null,
      modelProviders: {},
      modelPlugins: [],
      modelPrices: {},
      passwordCost: { memoryKib: 8, passes: 1, lanes: 1 },
      rateLimits: false,
      agentVaultsMax: 10,
      agentSecretsMax: 10,
      agentSharesMax: 10,
      agentPoliciesMax: 10,
      usdPrices: {},
      depositConfirmations: 12,
      keepDeletedMs: 0,
      strictKeys: false,
      cacheBytes: 1,
      auditSync: 'disk',
      auditKeepMs: null,
      checkOutputs: 'always',
      ...settings,
    },
    perform: async (operation, given, origin) => {
      if (origin.isAmbiguous) throw new Error('an ambiguous target reaches no operation')
      const sender = { caller: { kind: 'anonymous' }, onStop: () => {} } as const
      const input = given instanceof InputToRead ? await given.read(sender) : given
      performed.push({ name: operation.name, input, origin })
      const context = { origin } as Parameters<typeof operation.run>[0]
      return operation.run(context, operation.input.parse(input)) as never
    },
  }
}
