import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from '../kernel/budget.ts'
import type { Loaded } from './codec.ts'
import { kind } from './kind.ts'
import { listed, Memory } from './memory.ts'

interface Thing {
  readonly id: string
  readonly owner: string
  readonly name: string
}

const thingKind = kind<Thing>('thing', {
  indexes: {
    owner: { key: ({ owner }) => [owner] },
    name: { unique: true, key: ({ owner, name }) => [owner, name] },
  },
})

const loaded = (id: string, { owner = 'me', name = id, bytes = 100, version = '1' } = {}): Loaded<Thing> => ({
  value: { id, owner, name },
  version,
  keys: [],
  bytes,
})

describe('memory', () => {
  it('never weighs more than its budget, and drops first what was not used', () => {
    const budget = new Budget(100_000)
    const memory = new Memory(budget)
    memory.keep(thingKind, 'a', 'used', loaded('used'))
    for (let at = 0; at < 10_000; at++) {
      memory.keep(thingKind, 'a', `thing${at}`, loaded(`thing${at}`))
      memory.get(thingKind, 'a', 'used')
      expect(budget.bytes).toBeLessThanOrEqual(100_000)
    }
    expect(memory.get(thingKind, 'a', 'used')).toMatchObject({ value: { id: 'used' } })
    expect(memory.get(thingKind, 'a', 'thing0')).toBeUndefined()
    expect(memory.get(thingKind, 'a', 'thing9999')).toBeDefined()
  })

  it('weighs nothing when everything was changed away, whatever was remembered', () => {
    const step = fc.record({
      does: fc.constantFrom('keep', 'list', 'find', 'change', 'remove', 'forget'),
      id: fc.constantFrom('x', 'y', 'z'),
      owner: fc.constantFrom('me', 'you'),
      bytes: fc.nat(20_000),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new Budget(60_000)
        const memory = new Memory(budget)
        for (const { does, id, owner, bytes } of steps) {
          const one = loaded(id, { owner, bytes })
          if (does === 'keep') memory.keep(thingKind, 'a', id, one)
          if (does === 'list') memory.keepList(thingKind, 'a', 'owner', [owner], listed([one]))
          if (does === 'find') memory.keepList(thingKind, 'a', 'name', [owner, id], listed([one]))
          if (does === 'change') memory.changed(thingKind, 'a', id, one, loaded(id))
          if (does === 'remove') memory.changed(thingKind, 'a', id, null, one)
          if (does === 'forget') memory.forget('thing', `a/${id}`)
          expect(budget.bytes).toBeGreaterThanOrEqual(0)
          expect(budget.bytes).toBeLessThanOrEqual(60_000)
        }
        for (const id of ['x', 'y', 'z']) memory.forget('thing', `a/${id}`)
        expect(budget.bytes).toBe(0)
      }),
    )
  })

  it('ends every list that a record comes to, changes in or leaves, and no other', () => {
    const memory = new Memory(new Budget())
    const keep = () => {
      for (const owner of ['me', 'you', 'others']) memory.keepList(thingKind, 'a', 'owner', [owner], listed([]))
      memory.keepList(thingKind, 'a', 'owner', [], listed([]))
    }
    const left = () =>
      ['me', 'you', 'others'].filter((owner) => memory.list(thingKind, 'a', 'owner', [owner])).join(' ') +
      (memory.list(thingKind, 'a', 'owner', []) ? ' all' : '')
    keep()
    memory.changed(thingKind, 'a', 'x', loaded('x', { owner: 'me' }), null)
    expect(left()).toBe('you others')
    keep()
    memory.changed(thingKind, 'a', 'x', loaded('x', { owner: 'you' }), loaded('x', { owner: 'me' }))
    expect(left()).toBe('others')
    keep()
    memory.changed(thingKind, 'b', 'x', loaded('x', { owner: 'you' }), null)
    expect(left()).toBe('me you others all')
  })

  it('knows what stands under a unique name after a change: the new state, another record, or nothing', () => {
    const memory = new Memory(new Budget())
    const [before, after] = [loaded('x', { version: '1' }), loaded('x', { version: '2' })]
    memory.keepList(thingKind, 'a', 'name', ['me', 'x'], listed([before]))
    memory.changed(thingKind, 'a', 'x', after, before)
    expect(memory.list(thingKind, 'a', 'name', ['me', 'x'])?.all).toEqual([after])
    memory.changed(thingKind, 'a', 'x', loaded('x', { name: 'y' }), after)
    expect(memory.list(thingKind, 'a', 'name', ['me', 'x'])?.all).toEqual([])
    memory.changed(thingKind, 'a', 'z', loaded('z', { name: 'x' }), null)
    expect(memory.list(thingKind, 'a', 'name', ['me', 'x'])?.values).toMatchObject([{ id: 'z' }])
  })

  it('does not take in what was changed and not remembered: nobody is about to read it', () => {
    const memory = new Memory(new Budget())
    memory.changed(thingKind, 'a', 'old', loaded('old'), loaded('old'))
    memory.changed(thingKind, 'a', 'new', loaded('new'), null)
    expect(memory.get(thingKind, 'a', 'old')).toBeUndefined()
    expect(memory.get(thingKind, 'a', 'new')).toBeDefined()
  })

  it('drops the record that a new one replaces, and keeps it when an old one changes', () => {
    const versionKind = kind<Thing>('version', { replaces: ({ owner }) => owner })
    const memory = new Memory(new Budget())
    const isKept = (id: string) => memory.get(versionKind, 'a', id) !== undefined
    memory.changed(versionKind, 'a', 'first', loaded('first'), null)
    memory.changed(versionKind, 'a', 'other', loaded('other', { owner: 'first' }), loaded('other'))
    expect(isKept('first')).toBe(true)
    memory.changed(versionKind, 'a', 'second', loaded('second', { owner: 'first' }), null)
    expect([isKept('first'), isKept('second')]).toEqual([false, true])
  })
})
