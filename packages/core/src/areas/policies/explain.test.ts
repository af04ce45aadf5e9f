import { describe, expect, test } from 'vitest'
import { saturdayNoon as now, policy, request } from '../../../test/policies.ts'
import { explain, type PolicyExplanation } from './explain.ts'

// Goal: a person reads why. That an explanation always agrees with the decision is tested with `decide`.

const base = policy({ id: 'p1', pattern: 'db/**' })

const asked = request()

const sentences = (entry: PolicyExplanation | undefined) => entry?.steps.map(({ sentence }) => sentence)
const refusals = (entry: PolicyExplanation | undefined) =>
  entry?.steps.filter(({ passed }) => !passed).map(({ sentence }) => sentence)

describe('an explanation', () => {
  test('tells every question and its answer', () => {
    const { sentence, policies } = explain([{ ...base, conditions: { ip_allowlist: ['10.0.0.0/8'] } }], asked)
    expect(sentence).toBe('Allowed by policy p1: of the policies that apply, it has the highest priority, 0.')
    expect(policies[0]).toMatchObject({ applies: true, decides: true })
    expect(sentences(policies[0])).toEqual([
      'It is for this principal.',
      'It has not expired.',
      'It grants read.',
      'Its pattern covers the path.',
      'The address is in the list.',
    ])
  })

  test('tells every reason why a policy did not apply, not only the first', () => {
    const far = {
      ...base,
      principal: { kind: 'user', id: 'ada' },
      pattern: 'x',
      expiresAt: now,
      conditions: { ip_allowlist: ['11.0.0.0/8'] },
    } as const
    const { sentence, policies } = explain([far], { ...asked, permission: 'write' })
    expect(sentence).toBe('Denied, because no policy applies.')
    expect(refusals(policies[0])).toEqual([
      'It is for another principal.',
      'It has expired.',
      'Its permissions do not include write.',
      'Its pattern does not cover the path.',
      'The address is not in the list.',
    ])
  })

  test('tells which policy decided, and which applied without deciding', () => {
    const deny = { ...base, id: 'p2', effect: 'deny', permissions: ['write'] } as const
    const { decision, sentence, policies } = explain([{ ...base, permissions: ['write'] }, deny], {
      ...asked,
      permission: 'delete',
    })
    expect(decision.policy).toBe(deny)
    expect(sentence).toBe(
      'Denied by policy p2: of the policies that apply, it has the highest priority, 0, and deny wins among equal priorities.',
    )
    expect(policies.map(({ applies, decides }) => [applies, decides])).toEqual([
      [true, false],
      [true, true],
    ])
  })

  test('tells what could not be judged, and what followed from it', () => {
    const conditions = { from_the_future: 1, ip_allowlist: ['11.0.0.0/8'] }
    const { policies } = explain(
      [
        { ...base, conditions },
        { ...base, id: 'p2', effect: 'deny', conditions },
      ],
      asked,
    )
    expect(refusals(policies[0])).toEqual([
      'This server does not know the condition, so this allow does not apply.',
      'The address is not in the list.',
    ])
    expect(sentences(policies[1])?.slice(4)).toEqual([
      'This server does not know the condition, so this deny applies.',
      'The address is not in the list, but another condition cannot be evaluated.',
    ])
    expect(policies.map(({ applies }) => applies)).toEqual([false, true])
  })

  test('tells of a stored pattern that cannot be read', () => {
    const { policies } = explain(
      [
        { ...base, pattern: '[x]' },
        { ...base, pattern: '[x]', effect: 'deny' },
      ],
      asked,
    )
    expect(sentences(policies[0])?.[3]).toBe('Its pattern is invalid.')
    expect(sentences(policies[1])?.[3]).toBe('Its pattern is invalid, so this deny covers every path.')
  })
})
