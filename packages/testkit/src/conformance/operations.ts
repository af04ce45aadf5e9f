import { type AnyOperation, PawlError, type Registry, Secret, type Who } from '@pawl/core'
import { agreementErrors, confirmationErrors, originOf } from '@pawl/core/surfaces'
import type { Example } from '../world/examples/example.ts'
import type { World, WorldOptions } from '../world/world.ts'
import { check, patient, type Runner } from './asserts.ts'

// The generated tests of every operation. An operation gives one example call that succeeds. The suite derives from it all
// the calls that must fail.

export interface OperationSuite {
  readonly registry: Registry
  readonly examples: Readonly<Record<string, Readonly<Record<string, (world: World) => Promise<Example>>>>>
  open(options?: WorldOptions): Promise<World>
}

export function testOperations(suite: OperationSuite, runner: Runner): void {
  const { describe, it } = patient(runner)
  for (const [area, verbs] of Object.entries(suite.registry)) {
    for (const [verb, operation] of Object.entries(verbs)) {
      const example = suite.examples[area]?.[verb]
      describe(operation.name, () => {
        it('has an example', () => check(example !== undefined, `no example for ${operation.name}`))
        if (example) testOperation(operation, example, suite, it)
      })
    }
  }
}

function testOperation(
  operation: AnyOperation,
  example: (world: World) => Promise<Example>,
  suite: OperationSuite,
  it: Runner['it'],
): void {
  const inWorld = (work: (world: World, example: Example) => Promise<void>) => async () => {
    await using world = await suite.open()
    await work(world, await example(world))
  }
  const call = (world: World, who: Who, input: unknown) => world.pawl.perform(operation, input, originOf(who))

  it(
    'does what its example asks, and leaves an event',
    inWorld(async (world, { who, input }) => {
      const before = await events(world, operation)
      const output = await call(world, who, input)
      checkSecrets(operation, output)
      const after = await events(world, operation)
      // To read the trail is an event as well, if the tested operation reads the trail.
      const looked = operation.name === 'audit.events' ? 1 : 0
      const stored = after.length - before.length - looked
      check(operation.audit === 'none' || stored === 1, `${stored} events were stored, not 1`)
      await checkCatalogue(world)
    }),
  )

  it(
    'answers invalid to garbage in every field, and never internal',
    inWorld(async (world, { who, input }) => {
      for (const bad of garbage(input)) {
        const error = await failure(call(world, who, bad))
        check(error === null || isDeclared(operation, error), `undeclared ${error?.code} for ${shape(bad)}`)
      }
    }),
  )

  if (operation.idempotent) {
    it(
      'is made once for a key, and answered alike',
      inWorld(async (world, { who, input }) => {
        let repeats = 0
        const origin = { ...originOf(who), idempotencyKey: 'key-1', answeredBefore: () => void repeats++ }
        const [first, second] = [
          await world.pawl.perform(operation, input, origin),
          await world.pawl.perform(operation, input, origin),
        ]
        check(repeats === 1, `was answered from memory ${repeats} times, not once`)
        check(JSON.stringify(first) === JSON.stringify(second), 'the second answer is another one')
      }),
    )
  }

  if (operation.effect === 'read') {
    it('stores nothing but its event', async () => {
      const kinds: string[] = []
      await using world = await suite.open({ onCommit: (kind) => kinds.push(kind) })
      const { who, input } = await example(world)
      // The first call may make what every later one uses: a key, say.
      await call(world, who, input)
      kinds.length = 0
      await call(world, who, input)
      const others = kinds.filter((kind) => kind !== 'auditBlock' && kind !== 'auditLane')
      check(others.length === 0, `stored ${others.join(', ')}`)
    })
  }

  if (operation.access === 'public') return

  it(
    'turns away who shows nothing',
    inWorld(async (world, { input }) => {
      const error = await failure(call(world, {}, input))
      check(error?.kind === 'unauthenticated', `answered ${error?.kind ?? 'with success'}`)
    }),
  )

  it(
    'turns away who shows a credential that proves nothing, and says nothing about it',
    inWorld(async (world, { input }) => {
      for (const bearer of ['nonsense', 'aa.bb.cc', `ocv_${'A'.repeat(43)}`, `1ck_${'A'.repeat(43)}`, "' OR '1'='1"]) {
        const error = await failure(call(world, bearer, input))
        check(error?.kind === 'unauthenticated', `answered ${error?.kind ?? 'with success'}`)
        check(!error.message.includes(bearer), 'the credential is in the message')
      }
    }),
  )

  it(
    'turns away a user who was removed and an agent that was switched off (C9, D2)',
    inWorld(async (world, { input }) => {
      const member = await world.member({ role: 'admin' })
      await world.owner.orgs.removeMember({ user_id: member.id })
      const agent = await world.agent()
      await world.owner.agents.update({ agent_id: agent.id, is_active: false })
      for (const who of [{ user: member.id }, { agent: agent.id }, agent.key]) {
        const error = await failure(call(world, who, input))
        check(error?.kind === 'unauthenticated', `answered ${error?.kind ?? 'with success'}`)
      }
    }),
  )

  const { access } = operation
  const isGuarded = 'resource' in access || access.admin === true
  const namesSomething = 'resource' in access || /\{[a-z_]*id\}/.test(operation.http?.path ?? '')

  if (isGuarded) {
    it(
      'denies whoever has no grant, and leaves an event that says so',
      inWorld(async (world, { input }) => {
        const member = await world.member({ role: 'member' })
        const agent = await world.agent()
        for (const who of [{ user: member.id }, { agent: agent.id }]) {
          const before = await events(world, operation)
          const error = await failure(call(world, who, input))
          check(isRefusal(error), `answered ${error?.kind ?? 'with success'}`)
          const after = await events(world, operation)
          check(after.length === before.length + 1, `${after.length - before.length} events were stored, not 1`)
          check(after[0]?.details.outcome !== undefined, 'the event does not tell the outcome')
        }
      }),
    )
  }

  if (namesSomething) {
    it(
      'gives another organisation nothing, with ids that are right (C4, D4)',
      inWorld(async (world, { input }) => {
        const { ownerId } = await world.otherOrg()
        const error = await failure(call(world, { user: ownerId }, input))
        check(isRefusal(error), `answered ${error?.kind ?? 'with success'}`)
      }),
    )
  }
}

async function events(world: World, { audit }: AnyOperation) {
  if (audit === 'none') return []
  return (await world.owner.audit.events({ action: audit.action, limit: 1_000 })).events
}

/** Every event in the trail has a name that webhooks can subscribe to. */
async function checkCatalogue({ owner }: World) {
  const { event_types } = await owner.webhooks.eventTypes()
  const known = new Set(event_types.map(({ audit_action }) => audit_action))
  const { events } = await owner.audit.events({ limit: 1_000 })
  const unknown = events.filter(({ action }) => !known.has(action)).map(({ action }) => action)
  check(unknown.length === 0, `no area reports ${unknown.join(', ')}`)
}

async function failure(call: Promise<unknown>): Promise<PawlError | null> {
  try {
    await call
    return null
  } catch (error) {
    check(error instanceof PawlError, `threw ${error}`)
    check(error.kind !== 'internal', 'answered internal')
    return error
  }
}

/** A caller without access may also get `not_found`. */
function isRefusal(error: PawlError | null): error is PawlError {
  return error !== null && ['denied', 'not_found', 'invalid'].includes(error.kind)
}

/** The errors that every operation may answer, besides the declared ones. */
const common = ['invalid_input', 'not_authenticated', 'denied', 'rate_limited', 'unavailable']

function isDeclared({ errors, confirms, governed, metered }: AnyOperation, { code }: PawlError): boolean {
  if (metered && code === 'payment_required') return true
  const declared = [...errors, ...(confirms ? confirmationErrors : []), ...(governed ? agreementErrors : [])]
  return common.includes(code) || declared.some((one) => one.code === code)
}

function checkSecrets({ reveals = [] }: AnyOperation, output: unknown): void {
  for (const [path, value] of leaves(output)) {
    const declared = reveals.includes(path.replace(/\.\d+/g, ''))
    check(!(value instanceof Secret) || declared, `${path} is a secret that is not declared in reveals`)
    check(!declared || value === undefined || value instanceof Secret, `${path} is declared as a secret and is none`)
  }
}

function* leaves(value: unknown, path = ''): Generator<[string, unknown]> {
  if (value === null || typeof value !== 'object' || value instanceof Secret) {
    yield [path, value]
    return
  }
  for (const [name, inner] of Object.entries(value)) yield* leaves(inner, path === '' ? name : `${path}.${name}`)
}

const rubbish: readonly unknown[] = [
  null,
  -1,
  1e308,
  Number.NaN,
  true,
  '',
  ' ',
  '../x',
  'a/../b',
  '\u0000',
  '\ud800',
  'x'.repeat(70_000),
  [],
  [[]],
  {},
  { toString: 'x' },
  JSON.parse('{"__proto__":{"admin":true}}'),
]

function* garbage(input: Readonly<Record<string, unknown>>): Generator<unknown> {
  yield* [null, undefined, 7, 'text', [], [input], JSON.parse('{"__proto__":{"role":"owner"}}')]
  for (const field of Object.keys(input)) {
    for (const value of rubbish) yield { ...input, [field]: value }
    const { [field]: _, ...rest } = input
    yield rest
  }
  yield { ...input, role: 'owner', org: 'other', org_id: 'other', unknown_field: {} }
}

function shape(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 200) ?? String(value)
}
