import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../kernel/ip.ts'
import type { Json } from '../../kernel/json.ts'
import type { Facts } from './condition.ts'
import { attributeConditionProblems, compileConditions, conditionProblems, conditionsMet } from './conditions.ts'
import type { Conditions } from './policy.ts'

// Goal: conditions mean what core.md 7.3 says, problems name the field, and what cannot be judged is judged strictly: an
// allow does not apply, a deny does.

const saturdayNoon = Date.parse('2026-11-21T12:00:00Z')

interface FactsGiven {
  readonly at?: string
  readonly ip?: string | null
  readonly environment?: string | null
  readonly role?: string | null
  readonly authMethod?: string | null
  readonly risk?: Facts['risk']
}

function facts({ at, ip = null, environment = null, role = null, authMethod = null, risk = null }: FactsGiven): Facts {
  const now = at === undefined ? saturdayNoon : Date.parse(at)
  return { now, ip: ip === null ? null : parseAddress(ip), environment, role, authMethod, risk }
}

/** `yes` and `no` when both effects agree; `strict` when neither could be sure. */
function judged(conditions: Conditions, given: FactsGiven, attributeConditions: Conditions = {}): string {
  const compiled = compileConditions({ conditions, attributeConditions })
  const allow = conditionsMet('allow', compiled, facts(given))
  const deny = conditionsMet('deny', compiled, facts(given))
  if (allow === deny) return allow ? 'yes' : 'no'
  return deny ? 'strict' : 'WEAK'
}

const window = (value: Conditions) => ({ time_window: value })

describe('conditions', () => {
  test('none are met', () => {
    expect(judged({}, {})).toBe('yes')
  })

  test.each([
    [['10.0.0.0/8'], '10.1.2.3', 'yes'],
    [['10.0.0.0/8'], '11.0.0.1', 'no'],
    [['10.0.0.5/8'], '10.9.9.9', 'yes'],
    [['192.0.2.7', '2001:db8::/32'], '192.0.2.7', 'yes'],
    [['192.0.2.7', '2001:db8::/32'], '2001:db8:1::1', 'yes'],
    [['192.0.2.7', '2001:db8::/32'], '2001:db9::1', 'no'],
    [['10.0.0.0/8'], '::ffff:10.0.0.1', 'yes'],
    [['10.0.0.0/8'], '64:ff9b::a00:1', 'no'],
    [['10.0.0.0/8'], null, 'strict'],
    [['10.0.0.0/8'], '10.0.0.1:cafe', 'strict'],
  ])('ip_allowlist %j and the address %s: %s', (ranges, ip, expected) => {
    expect(judged({ ip_allowlist: ranges }, { ip })).toBe(expected)
  })

  test.each([
    [{ after: '09:00', before: '17:00' }, '2026-11-21T09:00:00Z', 'yes'],
    [{ after: '09:00', before: '17:00' }, '2026-11-21T16:59:59Z', 'yes'],
    [{ after: '09:00', before: '17:00' }, '2026-11-21T17:00:00Z', 'no'],
    [{ after: '22:00', before: '06:00' }, '2026-11-21T23:00:00Z', 'yes'],
    [{ after: '22:00', before: '06:00' }, '2026-11-21T05:59:00Z', 'yes'],
    [{ after: '22:00', before: '06:00' }, '2026-11-21T06:00:00Z', 'no'],
    [{ after: '13:00' }, '2026-11-21T23:59:59Z', 'yes'],
    [{ after: '13:00' }, '2026-11-21T12:59:59Z', 'no'],
    [{ before: '13:00' }, '2026-11-21T00:00:00Z', 'yes'],
    [{ after: '09:00', before: '17:00', timezone: 'America/New_York' }, '2026-11-21T13:59:59Z', 'no'],
    [{ after: '09:00', before: '17:00', timezone: 'America/New_York' }, '2026-11-21T14:00:00Z', 'yes'],
    [{ after: '09:00', before: '17:00', timezone: 'America/New_York' }, '2026-07-21T13:00:00Z', 'yes'],
    [{ start_hour: 9, end_hour: 17 }, '2026-11-21T09:00:00Z', 'yes'],
    [{ start_hour: 9, end_hour: 17 }, '2026-11-21T17:00:00Z', 'no'],
    [{ start_hour: 0, end_hour: 24 }, '2026-11-21T23:59:59Z', 'yes'],
    [{ start_hour: 22, end_hour: 6 }, '2026-11-21T01:00:00Z', 'yes'],
    [{ start_hour: 22 }, '2026-11-21T21:59:59Z', 'no'],
    [{ end_hour: 6 }, '2026-11-21T05:00:00Z', 'yes'],
    [{ days_of_week: [6, 0] }, '2026-11-21T12:00:00Z', 'yes'],
    [{ days_of_week: [1, 2, 3, 4, 5] }, '2026-11-21T12:00:00Z', 'no'],
    [{ days_of_week: [0], timezone: 'Pacific/Kiritimati' }, '2026-11-21T12:00:00Z', 'yes'],
    [{ cron_expr: '* * 9-17 * * *' }, '2026-11-21T12:00:00Z', 'yes'],
    [{ cron_expr: '* * 9-17 * * *', timezone: 'Asia/Tokyo' }, '2026-11-21T12:00:00Z', 'no'],
    [{ start_hour: 9, end_hour: 17, days_of_week: [6], cron_expr: '* * * * * SAT' }, '2026-11-21T12:00:00Z', 'yes'],
    [{ start_hour: 9, end_hour: 17, days_of_week: [5] }, '2026-11-21T12:00:00Z', 'no'],
    [{ after: '09:00', end_hour: 12 }, '2026-11-21T12:00:00Z', 'no'],
    [{ start_hour: 9, moon_phase: 'full' }, '2026-11-21T12:00:00Z', 'strict'],
    [{ start_hour: 9, moon_phase: 'full' }, '2026-11-21T08:00:00Z', 'strict'],
    [{ timezone: 'Mars/Olympus', start_hour: 9 }, '2026-11-21T12:00:00Z', 'strict'],
    [{}, '2026-11-21T12:00:00Z', 'strict'],
  ])('time_window %j at %s: %s', (value, at, expected) => {
    expect(judged(window(value), { at })).toBe(expected)
  })

  test.each([
    [['production'], 'production', 'yes'],
    [['production', 'staging'], 'staging', 'yes'],
    [['production'], 'Production', 'no'],
    [['production'], null, 'strict'],
  ])('environment_in %j and an agent in %s: %s', (words, environment, expected) => {
    expect(judged({ environment_in: words }, { environment })).toBe(expected)
  })

  test('principal_role and auth_method take one text or a list', () => {
    expect(judged({}, { role: 'admin' }, { principal_role: 'admin' })).toBe('yes')
    expect(judged({}, { role: 'member' }, { principal_role: ['owner', 'admin'] })).toBe('no')
    expect(judged({}, {}, { principal_role: 'admin' })).toBe('strict')
    expect(judged({}, { authMethod: 'passkey' }, { auth_method: ['passkey', 'totp'] })).toBe('yes')
    expect(judged({}, { authMethod: 'password' }, { auth_method: ['passkey'] })).toBe('no')
  })

  test('risk_verdict_max is the highest severity of a verdict, and a verdict that is not known is too severe', () => {
    for (const [risk, expected] of [
      ['none', 'yes'],
      ['medium', 'yes'],
      ['high', 'no'],
      [null, 'strict'],
    ] as const)
      expect(judged({}, { risk }, { risk_verdict_max: 'medium' }), `${risk}`).toBe(expected)
    expect(judged({}, { risk: 'low' }, { risk_verdict_max: 'none' })).toBe('no')
    expect(judged({}, { risk: 'critical' }, { risk_verdict_max: 'critical' })).toBe('yes')
  })

  test('all must be met', () => {
    const both = { ip_allowlist: ['10.0.0.0/8'], environment_in: ['production'] }
    expect(judged(both, { ip: '10.0.0.1', environment: 'production' })).toBe('yes')
    expect(judged(both, { ip: '10.0.0.1', environment: 'staging' })).toBe('no')
    expect(judged(both, { ip: '11.0.0.1', environment: 'production' })).toBe('no')
  })

  test('that are unknown never make a policy more lenient, whatever the others say', () => {
    for (const name of ['runtime_image_in', 'match_mode', '__proto__', 'constructor', 'toString', '']) {
      const conditions = JSON.parse(`{"ip_allowlist": ["10.0.0.0/8"], ${JSON.stringify(name)}: "x"}`)
      expect(judged(conditions, { ip: '10.0.0.1' }), name).toBe('strict')
      expect(judged(conditions, { ip: '11.0.0.1' }), name).toBe('strict')
    }
    for (const name of ['required_tags', 'device_known', 'runtime_image_in']) {
      expect(judged({}, { role: 'owner' }, { [name]: ['x'] }), name).toBe('strict')
    }
  })

  test('that cannot be read never make a policy more lenient, however they came to be stored', () => {
    for (const value of [null, [], {}, '', 'x', 5, true, ['10.0.0.0/99'], [null], [['10.0.0.0/8']]]) {
      expect(judged({ ip_allowlist: value }, { ip: '10.0.0.1' }), JSON.stringify(value)).toBe('strict')
    }
    for (const value of [null, [], {}, '', 5, [''], [5], [null], ['production', 5], ['production', '']]) {
      expect(judged({ environment_in: value }, { environment: 'production' }), JSON.stringify(value)).toBe('strict')
    }
    const windows: Json[] = [null, [], 'x', 5, { after: 9 }, { days_of_week: [] }]
    for (const value of windows) {
      expect(judged({ time_window: value }, {}), JSON.stringify(value)).toBe('strict')
    }
  })
})

describe('conditions that are written', () => {
  test('are fine when the engine reads them, or does not know their names', () => {
    const fine = {
      ip_allowlist: ['10.0.0.0/8', '::1'],
      environment_in: ['production'],
      runtime_image_in: 5,
      time_window: { after: '09:00', before: '17:00' },
    }
    expect(conditionProblems(fine)).toEqual({})
    expect(conditionProblems({})).toEqual({})
    expect(attributeConditionProblems({ principal_role: 'admin', device_known: true })).toEqual({})
  })

  test.each([
    [null, 'conditions'],
    [[], 'conditions'],
    [{ ip_allowlist: '10.0.0.0/8' }, 'conditions.ip_allowlist'],
    [{ ip_allowlist: ['10.0.0.0/8', '0177.0.0.1'] }, 'conditions.ip_allowlist[1]'],
    [{ ip_allowlist: [] }, 'conditions.ip_allowlist'],
    [{ environment_in: [] }, 'conditions.environment_in'],
    [{ environment_in: [7] }, 'conditions.environment_in'],
    [{ environment_in: ['production', 7] }, 'conditions.environment_in'],
    [{ time_window: 'always' }, 'conditions.time_window'],
    [{ time_window: {} }, 'conditions.time_window'],
    [{ time_window: { timezone: 'UTC' } }, 'conditions.time_window'],
    [{ time_window: { timezone: 'Mars/Olympus', start_hour: 1 } }, 'conditions.time_window.timezone'],
    [{ time_window: { timezone: 2, start_hour: 1 } }, 'conditions.time_window.timezone'],
    [{ time_window: { after: '9:00' } }, 'conditions.time_window.after'],
    [{ time_window: { before: '24:00' } }, 'conditions.time_window.before'],
    [{ time_window: { after: '09:00', before: '09:00' } }, 'conditions.time_window.before'],
    [{ time_window: { start_hour: 24 } }, 'conditions.time_window.start_hour'],
    [{ time_window: { start_hour: 9, end_hour: 25 } }, 'conditions.time_window.end_hour'],
    [{ time_window: { start_hour: 9, end_hour: 9 } }, 'conditions.time_window.end_hour'],
    [{ time_window: { start_hour: '9' } }, 'conditions.time_window.start_hour'],
    [{ time_window: { days_of_week: [7] } }, 'conditions.time_window.days_of_week'],
    [{ time_window: { cron_expr: '* * * * *' } }, 'conditions.time_window.cron_expr'],
    [{ time_window: { cron_expr: 5 } }, 'conditions.time_window.cron_expr'],
    [{ note: 'x'.repeat(17_000) }, 'conditions'],
  ])('are refused by field: %j', (conditions, field) => {
    expect(Object.keys(conditionProblems(conditions))).toEqual([field])
  })

  test('have limits, and what is just within them is fine', () => {
    const words = (count: number) => Array.from({ length: count }, (_, at) => `word-${at}`)
    const addresses = (count: number) => Array.from({ length: count }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
    const ofLength = (length: number) => ({ runtime_image_in: 'x'.repeat(length - '{"runtime_image_in":""}'.length) })
    expect(conditionProblems({ environment_in: words(64), ip_allowlist: addresses(256) })).toEqual({})
    expect(conditionProblems({ environment_in: words(65) })).toHaveProperty(['conditions.environment_in'])
    expect(conditionProblems({ ip_allowlist: addresses(257) })).toHaveProperty(['conditions.ip_allowlist'])
    expect(conditionProblems(ofLength(16 * 1024))).toEqual({})
    expect(conditionProblems(ofLength(16 * 1024 + 1))).toHaveProperty('conditions')
  })

  test('are refused in every field that is wrong, and no value is repeated', () => {
    const problems = conditionProblems({
      ip_allowlist: ['hunter2'],
      environment_in: [{ hunter2: 1 }],
      time_window: { after: 'hunter2', start_hour: -1 },
    })
    expect(Object.keys(problems).sort()).toEqual([
      'conditions.environment_in',
      'conditions.ip_allowlist[0]',
      'conditions.time_window.after',
      'conditions.time_window.start_hour',
    ])
    expect(JSON.stringify(problems)).not.toContain('hunter2')
    expect(attributeConditionProblems({ auth_method: 5 })).toHaveProperty(['attribute_conditions.auth_method'])
  })
})
