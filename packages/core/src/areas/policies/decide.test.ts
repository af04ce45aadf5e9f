import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { saturdayNoon as now, policy, request } from '../../../test/policies.ts'
import { formatAddress, parseAddress } from '../../kernel/ip.ts'
import { canonicalPath } from '../secrets/path.ts'
import { compilePolicies, type DecisionRequest } from './decide.ts'
import { explain } from './explain.ts'
import type { Policy } from './policy.ts'

// Goal: a decision is what core.md 7.2 says, and its explanation never tells another story. Method: examples, and an oracle
// that was written from the text alone, on a million random vaults. Vaults with many policies are in
// `compiled-policies.test.ts`.

const decide = (policies: Policy[], asked: DecisionRequest) => compilePolicies(policies).decide(asked)
const allowed = (policies: Policy[], given: Partial<DecisionRequest> = {}) => decide(policies, request(given)).allowed

describe('a decision', () => {
  test('is no, where no policy applies', () => {
    expect(decide([], request())).toEqual({ allowed: false, policy: null, reason: 'no_policy_applies' })
    expect(allowed([policy({ pattern: 'db' })])).toBe(false)
  })

  test('names the policy that made it', () => {
    const [allow, deny] = [policy({ id: 'a' }), policy({ id: 'd', effect: 'deny', pattern: 'db/**' })]
    expect(decide([allow, deny], request())).toEqual({ allowed: false, policy: deny, reason: 'denied_by_policy' })
    expect(decide([allow, deny], request({ path: 'x' }))).toEqual({
      allowed: true,
      policy: allow,
      reason: 'allowed_by_policy',
    })
  })

  test('is that of the highest priority, and among equals a deny wins, in whatever order they come', () => {
    const [allow, deny] = [policy({ priority: 1 }), policy({ effect: 'deny', priority: 1 })]
    const [higher, lower] = [policy({ priority: 2 }), policy({ effect: 'deny', priority: 0 })]
    for (const policies of [
      [allow, deny],
      [deny, allow],
    ])
      expect(allowed(policies)).toBe(false)
    for (const policies of [
      [higher, deny],
      [deny, higher],
    ])
      expect(allowed(policies)).toBe(true)
    for (const policies of [
      [allow, lower],
      [lower, allow],
    ])
      expect(allowed(policies)).toBe(true)
  })

  test('names the first of several that would decide alike', () => {
    for (const effect of ['allow', 'deny'] as const) {
      const [first, second] = [policy({ id: '1', effect }), policy({ id: '2', effect })]
      expect(decide([first, second], request()).policy).toBe(first)
    }
  })

  test('takes write for delete and rotate, and read for list', () => {
    const grants = (permissions: Policy['permissions']) =>
      (['read', 'write', 'delete', 'rotate', 'list'] as const).filter((permission) =>
        allowed([policy({ permissions })], { permission }),
      )
    expect(grants(['read'])).toEqual(['read', 'list'])
    expect(grants(['write'])).toEqual(['write', 'delete', 'rotate'])
    expect(grants(['delete'])).toEqual(['delete'])
    expect(grants(['rotate'])).toEqual(['rotate'])
    expect(grants([])).toEqual([])
  })

  test('does not count a policy from the millisecond on in which it expires', () => {
    expect(allowed([policy({ expiresAt: now + 1 })])).toBe(true)
    expect(allowed([policy({ expiresAt: now })])).toBe(false)
    expect(allowed([policy(), policy({ effect: 'deny', expiresAt: now })])).toBe(true)
  })

  test('A6: reads the id of a principal as it is, whatever characters it has', () => {
    for (const id of ['*', '**', 'a*', '.*', 'ad[a]', '', 'ADA', 'ada ', 'ad\u0430']) {
      expect(allowed([policy({ principal: { kind: 'agent', id } })]), id).toBe(false)
      expect(
        allowed([policy({ principal: { kind: 'agent', id: 'ada' } })], { principal: { kind: 'agent', id } }),
        id,
      ).toBe(false)
    }
    expect(allowed([policy({ principal: { kind: 'user', id: 'ada' } })])).toBe(false)
  })

  test('A2: on one spelling of a path says nothing on another', () => {
    const policies = [policy(), policy({ effect: 'deny', pattern: 'secret/Example' })]
    expect(allowed(policies, { path: 'secret/Example' })).toBe(false)
    expect(allowed(policies, { path: 'secret/example' })).toBe(true)
  })

  test('A5: denies what is below a denied path, and that path itself', () => {
    const policies = [policy({ pattern: 'foo/**' }), policy({ pattern: 'foo/private/**', effect: 'deny' })]
    for (const path of ['foo/private', 'foo/private/a', 'foo/private/a/b'])
      expect(allowed(policies, { path, permission: 'list' }), path).toBe(false)
    expect(allowed(policies, { path: 'foo/private2', permission: 'list' })).toBe(true)
  })

  test('takes a stored pattern that is none for every path when it denies, and for none when it allows', () => {
    for (const pattern of ['{a,b}', '', 'a/../b', '+(+(a))']) {
      expect(allowed([policy({ pattern })]), pattern).toBe(false)
      expect(allowed([policy(), policy({ pattern, effect: 'deny' })]), pattern).toBe(false)
    }
  })

  test('A3: is one and the same for all texts that name one record', () => {
    const policies = [
      policy({ pattern: '**' }),
      policy({ pattern: 'Team/*/**', effect: 'deny' }),
      policy({ pattern: '**/b*', priority: 1 }),
    ]
    const answer = (text: string) => {
      const path = canonicalPath(text)
      return path === null ? 'invalid' : decide(policies, request({ path })).reason
    }
    const seen = { same: 0, other: 0, refused: 0 }
    const path = fc.array(fc.constantFrom('Team', 'team', 'a', 'b', 'B.c', '_x_', 'k-1'), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(path, fc.constantFrom(...variants), (parts, variant) => {
        const text = parts.join('/')
        const other = variant(text)
        const [record, otherRecord] = [canonicalPath(text), canonicalPath(other)]
        if (otherRecord === null) seen.refused++
        else seen[record === otherRecord ? 'same' : 'other']++
        if (record === otherRecord && record !== null) expect(answer(other)).toBe(answer(text))
        if (otherRecord !== null) expect(otherRecord).toBe(other)
      }),
      { numRuns: tries(20_000, 10) },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(tries(1_000, 10))
  })
})

const variants: ((path: string) => string)[] = [
  (path) => path,
  (path) => path.toUpperCase(),
  (path) => path.toLowerCase(),
  (path) => path.normalize('NFD'),
  (path) => path.normalize('NFKC'),
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.replace('/', '//'),
  (path) => path.replace('/', '/./'),
  (path) => `x/../${path}`,
  (path) => path.replaceAll('a', '%61'),
  (path) => path.replaceAll('/', '%2f'),
  (path) => ` ${path}`,
  (path) => `${path}\u200b`,
  (path) => path.replaceAll('a', '\uff41'),
]

describe('a decision on random vaults', () => {
  const some = <T>(...values: T[]) => fc.constantFrom(...values)
  const principal = some(
    { kind: 'agent', id: 'ada' } as const,
    { kind: 'agent', id: 'bob' } as const,
    { kind: 'user', id: 'ada' } as const,
  )
  const conditions = some<Policy['conditions']>(
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    { ip_allowlist: ['10.0.0.0/8', '2001:db8::/32'] },
    { ip_allowlist: ['192.0.2.1'] },
    { time_window: { after: '08:00', before: '16:00' } },
    { time_window: { start_hour: 22, end_hour: 4 } },
    { environment_in: ['production'] },
    { environment_in: ['production', 'staging'], ip_allowlist: ['10.0.0.0/8'] },
    { from_the_future: true },
    { ip_allowlist: ['10.0.0.0/8'], from_the_future: true },
    { ip_allowlist: 'broken' },
  )
  const attributes = some<Policy['attributeConditions']>(
    undefined,
    undefined,
    undefined,
    {},
    { principal_role: ['admin'] },
    { device_known: true },
  )
  const permission = some('read' as const, 'write' as const, 'delete' as const, 'rotate' as const)
  const randomPolicy = fc
    .record({
      pattern: some('**', '**', 'db/**', 'db/*', '*', 'db/password', '**/password', 'api-*/**', 'db/**/x', '[broken'),
      principal: fc.oneof(
        { weight: 3, arbitrary: some({ kind: 'agent', id: 'ada' } as const) },
        { weight: 1, arbitrary: principal },
      ),
      permissions: fc.uniqueArray(permission, { minLength: 1, maxLength: 3 }),
      effect: some('allow' as const, 'allow' as const, 'deny' as const),
      priority: fc.nat(1),
      expiresAt: some(null, null, null, null, now - 1, now, now + 1),
      conditions,
      attributes,
    })
    .map(({ attributes: attributeConditions, ...rest }) =>
      policy({ ...rest, ...(attributeConditions && { attributeConditions }) }),
    )
  const randomRequest = fc
    .record({
      path: some('db', 'db/password', 'db/a/x', 'x', 'api-keys/stripe', 'a/b/password'),
      permission: some('read' as const, 'write' as const, 'delete' as const, 'rotate' as const, 'list' as const),
      principal: fc.oneof(
        { weight: 3, arbitrary: some({ kind: 'agent', id: 'ada' } as const) },
        { weight: 1, arbitrary: principal },
      ),
      hours: some(0, 4, 10, 20),
      ip: some('10.1.2.3', '192.0.2.1', '2001:db8::1', '8.8.8.8', null),
      environment: some('production', 'staging', null),
      role: some('admin', 'member', null),
    })
    // Expiry is about this moment, windows about the hour, so the days differ and the policies are moved along.
    .map(({ hours, ip, ...rest }) => ({ ...request(rest), ip: ip === null ? null : parseAddress(ip), hours }))

  test('is what the oracle says, in every kind of case, and explained as it was made', () => {
    const seen = { allowed: 0, denied: 0, nothing: 0, ties: 0, expired: 0, conditioned: 0, strict: 0 }
    fc.assert(
      fc.property(
        fc.array(randomPolicy, { maxLength: 8, size: 'max' }),
        randomRequest,
        (policies, { hours, ...rest }) => {
          const shift = hours * 3_600_000
          const moved = policies.map((one) => ({
            ...one,
            expiresAt: one.expiresAt === null ? null : one.expiresAt + shift,
          }))
          const asked = { ...rest, now: now + shift }
          const expected = oracle(moved, asked, seen)
          const decision = decide(moved, asked)
          seen[decision.policy === null ? 'nothing' : decision.allowed ? 'allowed' : 'denied']++
          if (decision.allowed !== expected) throw new Error(`expected ${expected}`)
          const explanation = explain(moved, asked)
          expect(explanation.decision.policy).toBe(decision.policy)
          expect(explanation.decision).toEqual(decision)
        },
      ),
      { numRuns: tries(100_000, 10) },
    )
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(tries(500, 10))
  }, 900_000)
})

/** Decides as the text of the rules has it: collect, find the highest priority, look for a deny among those. */
function oracle(
  policies: Policy[],
  asked: DecisionRequest,
  seen: { ties: number; expired: number; conditioned: number; strict: number },
): boolean {
  const live = policies.filter(({ expiresAt }) => expiresAt === null || asked.now < expiresAt)
  if (live.length < policies.length) seen.expired++
  const matching = live
    .filter(({ principal: { kind, id } }) => `${kind}:${id}` === `${asked.principal.kind}:${asked.principal.id}`)
    .filter(({ permissions }) => permissions.some((has) => oracleNeeds[asked.permission].includes(has)))
    .filter(({ pattern, effect }) => oraclePatterns[pattern]?.(asked.path) ?? effect === 'deny')
  const applying = matching.filter((one) => oracleConditions(one, asked, seen))
  if (applying.length < matching.length) seen.conditioned++
  const top = Math.max(...applying.map(({ priority }) => priority))
  const first = applying.filter(({ priority }) => priority === top)
  const effects = new Set(first.map(({ effect }) => effect))
  if (effects.size === 2) seen.ties++
  return effects.has('allow') && !effects.has('deny')
}

const oracleNeeds: Record<DecisionRequest['permission'], string> = {
  read: 'read',
  list: 'read',
  write: 'write',
  delete: 'delete or write',
  rotate: 'rotate or write',
}

const oraclePatterns: Record<string, (path: string) => boolean> = {
  '**': () => true,
  'db/**': (path) => path === 'db' || path.startsWith('db/'),
  'db/*': (path) => path === 'db/password',
  '*': (path) => !path.includes('/'),
  'db/password': (path) => path === 'db/password',
  '**/password': (path) => path.split('/').at(-1) === 'password',
  'api-*/**': (path) => path.startsWith('api-'),
  'db/**/x': (path) => path === 'db/a/x',
}

function oracleConditions(
  { effect, conditions, attributeConditions }: Policy,
  asked: DecisionRequest,
  seen: { strict: number },
): boolean {
  const answers = [
    ...Object.entries(conditions).map(([name, value]) => oracleCondition(name, JSON.stringify(value), asked)),
    ...Object.entries(attributeConditions ?? {}).map(([name]) =>
      name === 'principal_role' && asked.role !== null ? asked.role === 'admin' : null,
    ),
  ]
  if (!answers.includes(null)) return !answers.includes(false)
  seen.strict++
  return effect === 'deny'
}

function oracleCondition(name: string, value: string, { ip, environment, now: at }: DecisionRequest): boolean | null {
  const hour = new Date(at).getUTCHours()
  if (name === 'environment_in') return environment === null ? null : value.includes(environment)
  if (name === 'time_window') return value.includes('after') ? hour >= 8 && hour < 16 : hour >= 22 || hour < 4
  if (name !== 'ip_allowlist' || value.includes('broken') || ip === null) return null
  const list = new BlockList()
  if (value.includes('10.0.0.0/8')) list.addSubnet('10.0.0.0', 8)
  if (value.includes('2001:db8::')) list.addSubnet('2001:db8::', 32, 'ipv6')
  if (value.includes('192.0.2.1')) list.addAddress('192.0.2.1')
  return list.check(formatAddress(ip), ip.version === 4 ? 'ipv4' : 'ipv6')
}
