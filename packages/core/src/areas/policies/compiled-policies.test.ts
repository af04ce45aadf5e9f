import { describe, expect, test, vi } from 'vitest'
import { testSeed, times } from '../../../../../tools/test-run/index.ts'
import { saturdayNoon as now, policy, request } from '../../../test/policies.ts'
import { compileGlob } from '../../kernel/globs.ts'
import { parseAddress } from '../../kernel/ip.ts'
import { compileConditions, conditionsMet } from './conditions.ts'
import { compilePolicies, type DecisionRequest } from './decide.ts'
import { explain } from './explain.ts'
import { unranked } from './path-tree.ts'
import { isExpired, isFor, outranks, type Policy, permissions, speaksOn } from './policy.ts'
import { into, placeOfScopes, type Tally, tallyNode, treeOfSecrets } from './reach-walk.ts'

// Goal: many policies, compiled together, decide as they would one after the other, and what is not needed is not asked.
// Method: the plain loop over the policies as the other side, on random vaults; and counts of what a decision looks at.

const hour = 3_600_000

const base = policy()

const asked = request({ environment: 'staging' })

const manyOf = (count: number, given: (at: number) => Partial<Policy>) =>
  Array.from({ length: count }, (_, at): Policy => ({ ...base, id: `policy-${at}`, ...given(at) }))

/** One policy after the other: the best of those that apply, and among equals the first. */
function plainly(policies: readonly Policy[], request: DecisionRequest): Policy | null {
  let deciding: Policy | null = null
  for (const policy of policies) {
    if (deciding === null || outranks(policy, deciding)) if (applies(policy, request)) deciding = policy
  }
  return deciding
}

function applies(policy: Policy, request: DecisionRequest): boolean {
  if (!isFor(policy, request.principal) || !speaksOn(policy, request.permission)) return false
  if (isExpired(policy, request.now)) return false
  if (!(compileGlob(policy.pattern)?.matches(request.path) ?? policy.effect === 'deny')) return false
  return conditionsMet(policy.effect, compileConditions(policy), request)
}

describe('many policies', () => {
  const cases = times('decisions of random vaults with many policies', { quick: 10_000, whole: 200_000 })
  const each = 20

  test('decide as they would one after the other, at every time and from everywhere', () => {
    const random = choices(testSeed)
    const seen = { allowed: 0, denied: 0, nothing: 0, behindOthers: 0, later: 0, conditioned: 0 }
    for (let vault = 0; vault < cases / each; vault++) {
      const policies = Array.from({ length: 1 + random.below(random.below(4) === 0 ? 100 : 20) }, () =>
        randomPolicy(random),
      )
      const compiled = compilePolicies(policies)
      for (let at = 0; at < each; at++) {
        const request = randomRequest(random)
        const expected = plainly(policies, request)
        const { policy } = compiled.decide(request)
        if (policy !== expected) throw new Error(JSON.stringify({ vault, request, expected, policy, policies }))
        if (at === 0) expect(explain(policies, request).decision).toEqual(compiled.decide(request))
        seen[expected === null ? 'nothing' : expected.effect === 'allow' ? 'allowed' : 'denied']++
        if (expected && expected !== policies[0]) seen.behindOthers++
        if (expected?.expiresAt) seen.later++
        if (expected && Object.keys(expected.conditions).length > 0) seen.conditioned++
      }
    }
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(cases / 20)
  }, 900_000)

  test('decide for whole folders as for each secret in them, within the scopes of the agent', () => {
    const random = choices(testSeed + 1)
    const vaults = times('vaults whose folders are decided at once', { quick: 1_000, whole: 50_000 })
    const seen = { allowed: 0, denied: 0, nothing: 0, uncovered: 0, skipped: 0 }
    for (let vault = 0; vault < vaults; vault++) {
      const policies = Array.from({ length: 1 + random.below(12) }, () => randomPolicy(random))
      const scopes = random.below(2) ? [] : [randomPattern(random), randomPattern(random)]
      const paths = [...new Set(Array.from({ length: 30 }, () => randomPath(random, 4)))]
      const facts = randomRequest(random)
      const compiled = compilePolicies(policies)
      for (const permission of permissions) {
        const { policies: ranked, places } = compiled.ranks(facts)
        const standing = { rules: places[permission], scopes: placeOfScopes(scopes) }
        const meter = { visits: 0 }
        for (const [segment, node] of treeOfSecrets(paths.map((path) => ({ path }))).children) {
          const tally: Tally = new Map()
          tallyNode(node, into(standing, segment), tally, meter)
          const expected = new Map<number, string[]>()
          for (const path of paths.filter((one) => one.split('/')[0] === segment)) {
            const isCovered = scopes.length === 0 || scopes.some((scope) => compileGlob(scope)?.matches(path))
            const { policy, reason } = compiled.decide({ ...facts, permission, path })
            const rank = isCovered && policy ? ranked.indexOf(policy) : unranked
            expected.set(rank, [...(expected.get(rank) ?? []), path])
            seen[isCovered ? outcomes[reason] : 'uncovered']++
          }
          const about = JSON.stringify({ vault, permission, segment, policies, scopes, paths })
          expect([...tally.keys()].sort(), about).toEqual([...expected.keys()].sort())
          for (const [rank, { secrets, example }] of tally) {
            expect(secrets, about).toBe(expected.get(rank)?.length)
            expect(expected.get(rank), about).toContain(example())
          }
        }
        if (meter.visits < paths.length) seen.skipped++
      }
    }
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(vaults / 10)
  }, 900_000)

  test.each<[string, Partial<Policy>, Partial<Policy>, Partial<DecisionRequest>]>([
    ['kind of principal', {}, { principal: { kind: 'user', id: 'ada' } }, { principal: { kind: 'user', id: 'ada' } }],
    ['principal', {}, { principal: { kind: 'agent', id: 'bob' } }, { principal: { kind: 'agent', id: 'bob' } }],
    ['permissions', {}, { permissions: ['delete'] }, { permission: 'delete' }],
    ['pattern', {}, { pattern: 'x/*' }, { path: 'x/y' }],
    ['effect', {}, { effect: 'deny' }, {}],
    ['priority', {}, { priority: 1 }, {}],
    ['expiry', { expiresAt: now }, { expiresAt: now + 1 }, {}],
    [
      'conditions',
      { conditions: { environment_in: ['production'] } },
      { conditions: { environment_in: ['staging'] } },
      {},
    ],
    [
      'kind of conditions',
      { conditions: { principal_role: ['admin'] } },
      { attributeConditions: { principal_role: ['admin'] } },
      { role: 'admin' },
    ],
  ])('are told apart by their %s, when all else is equal', (_, first, second, given) => {
    const [one, other] = [
      { ...base, id: '1', pattern: 'db/*', ...first },
      { ...base, id: '2', pattern: 'db/*', ...second },
    ]
    expect(compilePolicies([one, other]).decide({ ...asked, ...given }).policy).toBe(other)
  })

  test('with one rule decide by the one that has not expired', () => {
    const ends = [3, 1, 2, 5, null, 7].map((at) => (at === null ? null : now + at))
    const policies = manyOf(6, (at) => ({ expiresAt: ends[at] ?? null }))
    const { decide } = compilePolicies(policies)
    const deciding = [0, 1, 2, 3, 4, 5, 6, 7].map((ms) =>
      policies.indexOf(decide({ ...asked, now: now + ms }).policy as Policy),
    )
    expect(deciding).toEqual([0, 0, 0, 3, 3, 4, 4, 4])
  })

  test('that have expired are not looked at one by one', () => {
    let looks = 0
    const policies = manyOf(10_000, () => ({}))
    for (const [at, policy] of policies.entries()) {
      const look = () => {
        looks++
        return now - 10_000 + at
      }
      Object.defineProperty(policy, 'expiresAt', { get: look })
    }
    const { decide } = compilePolicies(policies)
    expect(decide(asked).policy).toBeNull()
    looks = 0
    expect(decide(asked).policy).toBeNull()
    expect(looks).toBeLessThan(40)
    expect(decide({ ...asked, now: now - 2 }).policy).toBe(policies[9_999])
  })

  test('on one path are asked for each condition once, whatever their priorities', () => {
    const policies = manyOf(10_000, (priority) => ({
      priority,
      effect: priority % 2 ? 'allow' : 'deny',
      conditions: { environment_in: [`one-${priority % 5}`] },
    }))
    const { decide } = compilePolicies(policies)
    const environment = vi.fn(() => 'staging')
    const counted = Object.defineProperty({ ...asked }, 'environment', { get: environment })
    expect(decide(counted).policy).toBeNull()
    expect(environment).toHaveBeenCalledTimes(10)
  })

  test('are asked for no condition, and not whether they expired, once a better one has decided', () => {
    const expiresAt = vi.fn(() => null)
    const others = manyOf(100, (at) => ({
      pattern: at % 2 ? 'db/*' : 'db/password',
      conditions: { environment_in: [`one-${at}`] },
    }))
    const policies = [{ ...base, id: 'best', pattern: 'db/password', priority: 1 }, ...others].map((policy) =>
      Object.defineProperty(policy, 'expiresAt', { get: expiresAt }),
    )
    const { decide } = compilePolicies(policies)
    const environment = vi.fn(() => 'staging')
    const counted = Object.defineProperty({ ...asked }, 'environment', { get: environment })
    decide(counted)
    expiresAt.mockClear()
    expect(decide(counted).policy?.id).toBe('best')
    expect(environment).not.toHaveBeenCalled()
    expect(expiresAt).toHaveBeenCalledTimes(1)
  })

  test('have their patterns and conditions read when they are compiled, and not for a decision', () => {
    const read = vi.fn(() => ['staging'])
    const conditions = Object.defineProperty({}, 'environment_in', { get: read, enumerable: true })
    const { decide } = compilePolicies([{ ...base, conditions }])
    decide(asked)
    const before = read.mock.calls.length
    for (let time = 0; time < 10; time++) expect(decide({ ...asked, now: now + time }).allowed).toBe(true)
    expect(read).toHaveBeenCalledTimes(before)
  })

  test('are taken as they come: neither their list nor a record is changed', () => {
    const policies = Object.freeze(manyOf(20, (at) => Object.freeze({ priority: at % 3 })))
    const ids = policies.map(({ id }) => id)
    compilePolicies(policies).decide(asked)
    expect(policies.map(({ id }) => id)).toEqual(ids)
  })
})

/** Choices that follow from a seed. Much faster than those that can be shrunk. */
function choices(seed: number) {
  let state = seed
  const below = (count: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  return { below, of: <T>(all: readonly T[]): T => all[below(all.length)] as T }
}

type Choices = ReturnType<typeof choices>

const outcomes = { allowed_by_policy: 'allowed', denied_by_policy: 'denied', no_policy_applies: 'nothing' } as const

const words = ['a', 'b', 'aba', 'db-1']
const wilds = ['*', '*', 'a*', '*a', 'db-*', '*b*', 'a*a', 'ab*ba', '*-1', '**', '**', '**']
const broken = ['{a,b}', '', 'a//b', '*a*a*b', '**/a/**/b/**/c/**/d']
const principals = [base.principal, base.principal, base.principal, { kind: 'user', id: 'ada' }] as const
const ends = [null, null, null, null, null, null, now - 1, now, now + 1, now + hour, now + 5 * hour, now + 20 * hour]
const someConditions: readonly Policy['conditions'][] = [
  ...Array.from({ length: 9 }, () => ({})),
  { ip_allowlist: ['10.0.0.0/8', '2001:db8::/32'] },
  { ip_allowlist: ['192.0.2.1'], environment_in: 'production' },
  { time_window: { after: '08:00', before: '16:00' } },
  { time_window: { start_hour: 22, end_hour: 4, timezone: 'Europe/Vienna' } },
  { time_window: { cron_expr: '* 12-15 * * 1-6' } },
  { environment_in: ['production', 'staging'] },
  { from_the_future: true },
  { ip_allowlist: 'broken' },
]
const someAttributes: readonly Policy['attributeConditions'][] = [
  undefined,
  undefined,
  undefined,
  {},
  { principal_role: ['admin'] },
  { auth_method: ['api_key'] },
  { device_known: true },
]

function randomPattern(random: Choices): string {
  const segment = () => random.of(random.below(5) < 3 ? words : wilds)
  return Array.from({ length: 1 + random.below(3) }, segment).join('/')
}

function randomPath(random: Choices, segmentsMax: number): string {
  return Array.from({ length: 1 + random.below(segmentsMax) }, () => random.of(words)).join('/')
}

function randomPolicy(random: Choices): Policy {
  const pattern = randomPattern(random)
  const attributeConditions = random.of(someAttributes)
  return {
    ...base,
    pattern: random.below(30) === 0 ? random.of(broken) : pattern,
    principal: random.of(principals),
    permissions: permissions.filter(() => random.below(3) > 0),
    effect: random.of(['allow', 'allow', 'deny']),
    priority: random.below(4),
    conditions: random.of(someConditions),
    ...(attributeConditions && { attributeConditions }),
    expiresAt: random.of(ends),
  }
}

function randomRequest(random: Choices): DecisionRequest {
  const ip = random.of(['10.1.2.3', '192.0.2.1', '2001:db8::1', null])
  return {
    path: randomPath(random, 3),
    permission: random.of([...permissions, 'list', 'read']),
    principal: random.of([...principals, ...principals, { kind: 'agent', id: 'bob' }]),
    now: now + random.of([-1, 0, 0, 0, 1, hour, 4 * hour, 10 * hour, 21 * hour]),
    ip: ip === null ? null : parseAddress(ip),
    environment: random.of(['production', 'staging', null]),
    risk: null,
    role: random.of(['admin', 'member', null]),
    authMethod: random.of(['api_key', 'session', null]),
  }
}
