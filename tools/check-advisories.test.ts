import { describe, expect, test } from 'vitest'
import { ageProblem, isIn, versionsIn, vulnerableIn } from './check-advisories.ts'

const advisory = { title: 'Runs code', url: 'https://example.com/1', severity: 'high', vulnerable_versions: '<1.2.3' }

describe('M23: the check of advisories', () => {
  test('reads every version of every package of the lock file', () => {
    const lock = "packages:\n  '@a/b@1.0.0':\n    resolution: {}\n  c@2.0.0:\n    resolution: {}\n  c@3.0.0-rc.1: {}\n"
    expect(versionsIn(lock)).toEqual({ '@a/b': ['1.0.0'], c: ['2.0.0', '3.0.0-rc.1'] })
  })

  test('names a version that has a vulnerability, and no other', () => {
    const known = { refreshed: '2026-01-01', advisories: { c: [advisory] } }
    expect(vulnerableIn({ c: ['1.2.2', '1.2.3'], d: ['1.0.0'], constructor: ['1.0.0'] }, known)).toEqual([
      'c@1.2.2: high: Runs code (https://example.com/1)',
    ])
  })

  test.each([
    ['1.2.2', '<1.2.3', true],
    ['1.2.3', '<1.2.3', false],
    ['1.10.0', '<1.9.0', false],
    ['2.1.0', '>=2.0.0 <2.1.1 || >=3.0.0 <3.0.5', true],
    ['3.0.4', '>= 2.0.0 < 2.1.1 || >= 3.0.0 < 3.0.5', true],
    ['3.0.5', '>=2.0.0 <2.1.1 || >=3.0.0 <3.0.5', false],
    ['1.0.0', '=1.0.0', true],
    ['1.0.1', '1.0.0', false],
    ['1.0.0-rc.2', '<1.0.0', true],
    ['1.0.0-rc.10', '<=1.0.0-rc.9', false],
    ['9.9.9', '*', true],
    ['1.0.0', 'what is this', true],
  ])('finds %s in the range %s: %s', (version, range, isVulnerable) => {
    expect(isIn(version, range)).toBe(isVulnerable)
  })

  test('warns when the file is older than 90 days, or was never refreshed', () => {
    const now = Date.parse('2026-06-01')
    expect(ageProblem({ refreshed: '2026-05-01', advisories: {} }, now)).toBeNull()
    expect(ageProblem({ refreshed: '2026-01-01', advisories: {} }, now)).toContain('is 151 days old')
    expect(ageProblem({ refreshed: null, advisories: {} }, now)).toContain('was never refreshed')
  })
})
