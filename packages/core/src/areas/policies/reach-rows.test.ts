import { describe, expect, it } from 'vitest'
import { policy, request } from '../../../test/policies.ts'
import type { SecretEntry } from '../secrets/index.ts'
import { compilePolicies } from './decide.ts'
import type { Known } from './principals.ts'
import { columnsOf, decideInTurns, type Ready } from './reach-rows.ts'

// Goal: an answer has a budget, and a caller with many principals or secrets does not stop other calls. Method: counts, which
// are the same on every machine.

const secrets = Array.from({ length: 5_000 }, (_, at) => {
  return { path: `app/service-${at % 50}/secret-${at}`, newest: { type: 'generic' } } as SecretEntry
})
const shown = { folder: '', columns: columnsOf(secrets, ''), secrets }

/** An agent that reads what a pattern covers. */
function reader(pattern: string): Ready {
  const { policies, places } = compilePolicies([policy({ pattern })]).ranks(request())
  const caller = { kind: 'agent', readsKeys: true }
  return {
    known: { caller } as Known,
    ranked: { policies, rules: places, scopes: 0, alike: pattern },
    reached: null,
  }
}

const readers = (count: number, patternOf: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => reader(patternOf(at)))

describe('the decisions of one answer', () => {
  it('end when they have looked at many folders and secrets, and are at least those of one principal', async () => {
    const decided = await decideInTurns(
      readers(200, (at) => `**/secret-${at}`),
      shown,
    )
    expect(decided.length).toBeGreaterThan(10)
    expect(decided.length).toBeLessThan(100)
    expect(decided.every(([cell]) => cell?.allowed.read === 1)).toBe(true)
  })

  it('are made once for principals with the same rules', async () => {
    const decided = await decideInTurns(
      readers(200, () => '**/secret-7'),
      shown,
    )
    expect(decided).toHaveLength(200)
    expect(decided.every(([cell]) => cell?.allowed.read === 1)).toBe(true)
  })

  it('do not look at folders that no pattern leads into', async () => {
    const decided = await decideInTurns(
      readers(2_000, (at) => `app/service-${at % 50}/secret-${at}`),
      shown,
    )
    expect(decided).toHaveLength(2_000)
  })

  it('let other calls go first', async () => {
    let others = 0
    let isDone = false
    const other = () => {
      others++
      if (!isDone) setImmediate(other)
    }
    setImmediate(other)
    await decideInTurns(
      readers(200, (at) => `**/secret-${at}`),
      shown,
    )
    isDone = true
    expect(others).toBeGreaterThan(5)
  })
})
