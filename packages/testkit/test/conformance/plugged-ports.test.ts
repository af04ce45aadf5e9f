import {
  type AuditEventShown,
  type AuditSink,
  type Chain,
  type Model,
  type ModelPart,
  ModelUnavailable,
  type PolicyEngine,
  type PolicyRequest,
  type Simulating,
  type Watching,
} from '@pawl/core/ports'
import { type ModelScript, memoryAuditSink, memoryChain, policyRule, scriptedModel } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import type { Runner } from '../../src/conformance/asserts.ts'
import { testAuditSink } from '../../src/conformance/audit-sink.ts'
import { testChain } from '../../src/conformance/chain.ts'
import { testModel } from '../../src/conformance/model.ts'
import { testPolicyEngine } from '../../src/conformance/policy-engine.ts'
import { casesOf } from './cases.ts'

const allowed: PolicyRequest = {
  principal: { kind: 'agent', id: 'a1' },
  permission: 'read',
  vaultId: 'v1',
  path: 'db/password',
  role: null,
  environment: null,
  ip: '10.0.0.1',
  authMethod: 'api_key',
  now: 0,
}
const refused = { ...allowed, path: 'legal/hold' }
const rules = policyRule(({ path }) =>
  path === 'legal/hold' ? { allowed: false, reason: 'litigation' } : { allowed: true },
)

/** The suites, on the reference with something broken in it, or nothing. */
const onPolicyEngine = (run: Runner, broken: Partial<PolicyEngine> = {}) =>
  testPolicyEngine('policyRule', () => ({ engine: { ...rules, ...broken }, allowed, refused }), run)

const onAuditSink = (run: Runner, broken: (keep: AuditEventShown[]) => Partial<AuditSink> = () => ({})) =>
  testAuditSink(
    'memoryAuditSink',
    () => {
      const kept: AuditEventShown[] = []
      const sink = memoryAuditSink()
      return {
        sink: { ...sink, ...broken(kept) },
        delivered: async () => (kept.length > 0 ? kept : sink.events),
      }
    },
    run,
  )

type AnyChain = Chain & Simulating & Watching
const onChain = (run: Runner, broken: (chain: AnyChain) => Partial<AnyChain> = () => ({})) =>
  testChain(
    'memoryChain',
    () => {
      const chain = memoryChain()
      const ann = chain.wallet('ann', 10n ** 18n)
      return {
        chain: { ...chain, ...broken(chain) },
        rich: {
          address: ann.address,
          transfer: (to, value, account) =>
            ann.transfer({ to, value, ...(account?.model === 'counter' ? { nonce: account.next } : {}) }),
        },
        nobody: chain.wallet('nobody').address,
        unknownTransaction: `0x${'0'.repeat(64)}`,
        mine: async () => chain.mine(),
      }
    },
    run,
  )

const onModel = (run: Runner, broken: (model: Model, reply: ModelScript) => Partial<Model> = () => ({})) =>
  testModel(
    'scriptedModel',
    (reply) => {
      const model = scriptedModel(reply)
      return { model: { ...model, ...broken(model, reply) }, name: 'scripted' }
    },
    run,
  )

const runner = { describe, it }
onPolicyEngine(runner)
onAuditSink(runner)
onChain(runner)
onModel(runner)

/** A model whose answers pass through this. */
const through = (change: (parts: AsyncIterable<ModelPart>) => AsyncIterable<ModelPart>) => (model: Model) => ({
  complete: (request: Parameters<Model['complete']>[0]) => change(model.complete(request)),
})

const yes = { allowed: true } as const
const no = { allowed: false, reason: 'litigation' } as const

/** What is wrong, and the case that says so. */
const faults: readonly (readonly [what: string, test: (run: Runner) => void, foundBy: string])[] = [
  [
    'a policy engine that allows everything',
    (run) => onPolicyEngine(run, { evaluate: (requests) => requests.map(() => yes) }),
    'says yes to what its rules allow, and no with a reason to what they refuse',
  ],
  [
    'a policy engine that gives no reason',
    (run) =>
      onPolicyEngine(run, {
        evaluate: (requests) => requests.map(({ path }) => (path === allowed.path ? yes : { ...no, reason: '' })),
      }),
    'says yes to what its rules allow, and no with a reason to what they refuse',
  ],
  [
    'a policy engine that puts refusals first',
    (run) =>
      onPolicyEngine(run, {
        evaluate: async (requests) => [...(await rules.evaluate(requests))].sort((a) => (a.allowed ? 1 : -1)),
      }),
    'answers a list in its order, and nothing to nothing',
  ],
  [
    'a policy engine that looks at a hundred',
    (run) => onPolicyEngine(run, { evaluate: (requests) => rules.evaluate(requests.slice(0, 100)) }),
    'says the same about many at once as about each, however many there are',
  ],
  [
    'a policy engine that sorts what it is asked',
    (run) =>
      onPolicyEngine(run, {
        evaluate: (requests) => {
          const own = requests as PolicyRequest[]
          own.reverse()
          return rules.evaluate(own.toReversed())
        },
      }),
    'leaves what it is asked alone',
  ],
  [
    'a policy engine that remembers one request',
    (run) => {
      let latest: readonly PolicyRequest[] = []
      const evaluate: PolicyEngine['evaluate'] = async (requests) => {
        latest = requests
        await Promise.resolve()
        return rules.evaluate(latest)
      }
      onPolicyEngine(run, { evaluate })
    },
    'keeps calls that come at once apart',
  ],
  [
    'a sink that loses what it takes',
    (run) => onAuditSink(run, () => ({ deliver: async () => {} })),
    'has every event, whole and as it was, when it says so',
  ],
  [
    'a sink that drops details',
    (run) =>
      onAuditSink(run, (kept) => ({
        deliver: async (events) => void kept.push(...events.map((event) => ({ ...event, details: {} }))),
      })),
    'has every event, whole and as it was, when it says so',
  ],
  [
    'a sink that puts the newest first',
    (run) => onAuditSink(run, (kept) => ({ deliver: async (events) => void kept.unshift(...events) })),
    'keeps the order within a delivery and between deliveries',
  ],
  [
    'a sink that will not hear things twice',
    (run) =>
      onAuditSink(run, (kept) => ({
        deliver: async (events) => {
          if (events.some(({ id }) => kept.some((one) => one.id === id))) throw new Error('duplicate')
          kept.push(...events)
        },
      })),
    'takes events that it has already, because a crash brings them again',
  ],
  [
    'a sink that takes a thousand',
    (run) => onAuditSink(run, (kept) => ({ deliver: async (events) => void kept.push(...events.slice(0, 1_000)) })),
    'takes many at once, and none',
  ],
  [
    'a sink that mixes up deliveries',
    (run) =>
      onAuditSink(run, (kept) => {
        let waiting: readonly AuditEventShown[] = []
        const deliver = async (events: readonly AuditEventShown[]) => {
          waiting = events
          await Promise.resolve()
          kept.push(...waiting)
        }
        return { deliver }
      }),
    'keeps lanes that are delivered at once whole',
  ],
  [
    'a chain without a number',
    (run) => onChain(run, (chain) => ({ facts: { ...chain.facts, chainId: null } })),
    'says what it is',
  ],
  [
    'a chain that knows no unused address',
    (run) =>
      onChain(run, (chain) => ({
        balance: async (address) => {
          const balance = await chain.balance(address)
          if (balance === 0n) throw new Error('no such account')
          return balance
        },
      })),
    'tells balances as whole numbers, and 0 of nobody',
  ],
  [
    'a chain that counts only what is included',
    (run) => onChain(run, () => ({ account: async () => ({ model: 'counter', next: 0n }) })),
    'tells what a transaction is to build on, those on their way included',
  ],
  [
    'a chain with fees in fractions',
    (run) => onChain(run, () => ({ fees: async () => ({ model: 'gas', base: 0.5 as never, priority: 1n }) })),
    'tells fees that are not negative',
  ],
  [
    'a chain whose newest block is always the same',
    (run) => onChain(run, () => ({ tip: async () => ({ height: 1n, id: 'x', at: 1 }) })),
    'tells of a block that goes on',
  ],
  [
    'a chain that calls everything done',
    (run) =>
      onChain(run, () => ({
        status: async () => ({ state: 'included', succeeded: true, height: 0n, confirmations: 1n }),
      })),
    'takes a transaction, and tells where it is until it is included',
  ],
  [
    'a chain that refuses what it has',
    (run) =>
      onChain(run, (chain) => {
        const seen = new Set<string>()
        return {
          broadcast: async (signed) => {
            if (seen.has(signed.join())) throw new Error('already known')
            seen.add(signed.join())
            return chain.broadcast(signed)
          },
        }
      }),
    'takes a transaction again and does it once',
  ],
  [
    'a chain that takes everything',
    (run) => onChain(run, (chain) => ({ broadcast: (signed) => chain.broadcast(signed).catch(() => '0x0') })),
    'refuses for good what is no transaction, what was spent, and what nobody can pay',
  ],
  [
    'a chain on which everything would work',
    (run) =>
      onChain(run, () => ({
        simulate: async (calls) =>
          calls.map(() => ({ succeeded: true, fuel: 1n, returned: new Uint8Array(0), changes: null })),
      })),
    'tells what a call would do, and does nothing',
  ],
  [
    'a chain that takes each transaction for one of an operation',
    (run) => onChain(run, (): object => ({ operationSucceeded: async () => true })),
    'knows no user operation in a transaction that has none',
  ],
  [
    'a chain that simulates each call alone',
    (run) =>
      onChain(run, (chain) => ({
        simulate: async (calls) => (await Promise.all(calls.map((call) => chain.simulate?.([call]) ?? []))).flat(),
      })),
    'tells what calls would do one after the other',
  ],
  [
    'a chain that tells of everything that ever arrived',
    (run) => onChain(run, (chain) => ({ arrivals: (wanted) => chain.arrivals({ ...wanted, from: 1n }) })),
    'tells what arrived in which block, of the addresses that were asked for',
  ],
  [
    'a chain that tells of nothing that arrived',
    (run) =>
      onChain(run, (chain) => ({
        arrivals: async (wanted) => ({ ...(await chain.arrivals(wanted)), arrivals: [] }),
      })),
    'tells what arrived in which block, of the addresses that were asked for',
  ],
  [
    'a chain whose blocks follow none',
    (run) =>
      onChain(run, (chain) => ({
        arrivals: async (wanted) => ({ ...(await chain.arrivals(wanted)), parentId: '0x0' }),
      })),
    'tells the blocks that it has, and reads only these',
  ],
  [
    'a chain that has every block',
    (run) => onChain(run, (chain) => ({ blockAt: async (height) => ({ ...(await chain.tip()), height }) })),
    'tells the blocks that it has, and reads only these',
  ],
  [
    'a model that names nothing',
    (run) => onModel(run, () => ({ models: async () => [] })),
    'names itself and its models',
  ],
  [
    'a model that trims',
    (run) =>
      onModel(
        run,
        through(async function* (parts) {
          for await (const part of parts) yield part.type === 'text' ? { ...part, text: part.text.trim() } : part
        }),
      ),
    'gives the text in its order, and says last how it ended and what it took',
  ],
  [
    'a model that does not end',
    (run) =>
      onModel(
        run,
        through(async function* (parts) {
          for await (const part of parts) if (part.type !== 'end') yield part
        }),
      ),
    'gives the text in its order, and says last how it ended and what it took',
  ],
  [
    'a model that gives tool calls without what they are to be given',
    (run) =>
      onModel(
        run,
        through(async function* (parts) {
          for await (const part of parts) yield part.type === 'tool_call' ? { ...part, input: {} } : part
        }),
      ),
    'gives each tool call whole',
  ],
  [
    'a model that passes on only what users say',
    (run) =>
      onModel(run, (model) => ({
        complete: ({ messages, ...rest }) =>
          model.complete({ ...rest, messages: messages.filter(({ role }) => role === 'user') }),
      })),
    'passes on what was said, by whom, and which tools there are',
  ],
  [
    'a model that remembers one request',
    (run) =>
      onModel(run, (model) => {
        let latest: Parameters<Model['complete']>[0]
        return {
          complete: async function* (request) {
            latest = request
            await Promise.resolve()
            yield* model.complete(latest)
          },
        }
      }),
    'keeps requests that are made at once apart',
  ],
  [
    'a model that does not listen',
    (run) => onModel(run, (model) => ({ complete: ({ signal: _, ...rest }) => model.complete(rest) })),
    'gives nothing more once it is aborted',
  ],
  [
    'a model whose failures are all the same',
    (run) =>
      onModel(
        run,
        through(async function* (parts) {
          try {
            yield* parts
          } catch {
            throw new ModelUnavailable('something')
          }
        }),
      ),
    'tells what will never work from what may work later',
  ],
]

describe('the suites of what can be plugged in', () => {
  it.each(faults)('find %s', async (_, test, foundBy) => {
    const body = casesOf(test).get(foundBy)
    expect(body, `there is no case "${foundBy}"`).toBeDefined()
    await expect(body?.()).rejects.toThrow()
  })

  it('have no case that no fault turns red', () => {
    const found = new Set(faults.map(([, , foundBy]) => foundBy))
    const suites = [onPolicyEngine, onAuditSink, onChain, onModel] as const
    const idle = suites.flatMap((suite) =>
      [...casesOf((run) => suite(run)).keys()].filter((title) => !found.has(title)),
    )
    expect(idle).toEqual([])
  })
})
