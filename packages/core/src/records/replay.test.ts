import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openKeyring } from '../crypto/keyring.ts'
import { manualClock, memoryHsm, memoryStorage, nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import { kind } from './kind.ts'
import { openRecords, type Records } from './records.ts'
import type { Unit } from './unit.ts'

interface Thing {
  readonly id: string
  readonly count: number
}

const thingKind = kind<Thing>('thing', { indexes: { count: { key: ({ count }) => [count] } } })

/** Records whose store remembers nothing, so that each read is waited for. */
async function open(): Promise<Records> {
  const storage = memoryStorage()
  const keyring = await openKeyring(storage, memoryHsm(), nobleCrypto, systemRandom)
  const nothing = () => {}
  const options = { storage, keyring, crypto: nobleCrypto, random: systemRandom, clock: manualClock(0) }
  return openRecords({ ...options, onStorageError: nothing, onClockBehind: nothing })
}

const within = <T>(records: Records, work: (unit: Unit) => T) => records.transactIn('a', work)
const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value)))

describe('a unit of work that has to wait', () => {
  it('runs again with the same answers, and stores what its last run staged', async () => {
    const records = await open()
    const runs: unknown[][] = []
    await within(records, (unit) => {
      const drawn = [...unit.random.bytes(4)]
      const waited = unit.waitFor(() => later({}))
      const absent = unit.get(thingKind, 'absent')
      runs.push([drawn, waited, absent])
      unit.put(thingKind, { id: 'x', count: runs.length })
    })
    expect(runs).toHaveLength(1)
    await within(records, (unit) => {
      const drawn = [...unit.random.bytes(4)]
      runs.push([drawn])
      runs.push([drawn, unit.waitFor(() => later(1))])
    })
    expect(runs.slice(1)).toEqual([runs[1], runs[1], [...(runs[1] ?? []), 1]])
    expect(await records.reading('a').get(thingKind, 'x')).toEqual({ id: 'x', count: 1 })
  })

  it('waits once for each thing, however often it runs', async () => {
    const records = await open()
    const waited: string[] = []
    const wait = (unit: Unit, name: string) =>
      unit.waitFor(() => {
        waited.push(name)
        return later(name)
      })
    expect(await within(records, (unit) => ['a', 'b', 'c'].map((name) => wait(unit, name)))).toEqual(['a', 'b', 'c'])
    expect(waited).toEqual(['a', 'b', 'c'])
  })

  it('stores nothing of a run that caught the signal and went on', async () => {
    const records = await open()
    let runs = 0
    const count = await within(records, (unit) => {
      runs++
      try {
        unit.waitFor(() => later('value'))
      } catch {
        unit.put(thingKind, { id: 'wrong', count: runs })
      }
      unit.put(thingKind, { id: 'right', count: runs })
      return runs
    })
    expect(count).toBe(2)
    expect(await records.reading('a').get(thingKind, 'wrong')).toBeNull()
    expect(await records.reading('a').get(thingKind, 'right')).toMatchObject({ count: 2 })
  })

  it('gets the error of what it waited for, where it can be caught', async () => {
    const records = await open()
    const fail = (unit: Unit) => unit.waitFor(() => later(0).then(() => Promise.reject(new Error('no key'))))
    await expect(within(records, fail)).rejects.toThrow('no key')
    const caught = within(records, (unit) => {
      try {
        return fail(unit)
      } catch (error) {
        return (error as Error).message
      }
    })
    expect(await caught).toBe('no key')
  })

  it('draws a key again although the run before wiped it', async () => {
    const records = await open()
    const keys = await within(records, (unit) => {
      const key = unit.random.bytes(16)
      const copy = [...key]
      key.fill(0)
      unit.waitFor(() => later(0))
      return copy
    })
    expect(new Set(keys)).not.toEqual(new Set([0]))
  })

  it('must be a plain function that does the same when it runs again', async () => {
    const records = await open()
    await expect(within(records, async () => {})).rejects.toThrow('without `await`')
    let runs = 0
    const unsteady = (unit: Unit) => {
      if (runs++ > 0) unit.random.bytes(1)
      unit.waitFor(() => later(0))
    }
    await expect(within(records, unsteady)).rejects.toThrow('did something else')
  })

  it('comes to the same result whatever has to be waited for (any program of reads, waits, draws and writes)', async () => {
    const id = fc.constantFrom('a', 'b', 'c')
    const step = fc.oneof(
      fc.record({ does: fc.constant('put' as const), id, count: fc.nat(3) }),
      fc.record({ does: fc.constantFrom('get' as const, 'drop' as const), id }),
      fc.record({ does: fc.constant('list' as const), count: fc.nat(3) }),
      fc.record({ does: fc.constantFrom('wait' as const, 'recall' as const), count: fc.nat(9) }),
    )
    const run = (unit: Unit, steps: readonly { does: string; id?: string; count?: number }[], isSlow: boolean) =>
      steps.map(({ does, id = '', count = 0 }) => {
        if (does === 'list') return unit.list(thingKind, 'count', count).map((one) => one.id)
        if (does === 'wait') return unit.waitFor(() => (isSlow ? later(count) : count))
        if (does === 'recall') return unit.waitFor(() => count)
        const known = unit.get(thingKind, id)
        if (does === 'put') unit.put(thingKind, { id, count })
        if (does === 'drop' && known) unit.delete(thingKind, known)
        return known
      })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 4 }), async (units) => {
        const [slow, quick] = [await open(), await open()]
        for (const steps of units) {
          const [one, other] = [slow, quick].map((records) =>
            within(records, (unit) => run(unit, steps, records === slow)),
          )
          expect(await one).toEqual(await other)
        }
      }),
    )
  })
})
