import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BodyBudget, type Owner } from './body-budget.ts'

// Goal: bodies on their way take a bounded number of bytes, and whoever takes most of them gives way (M5).

const ada: Owner = ['known', 'org-1', 'agent ada']
const eve: Owner = ['known', 'org-2', 'agent eve']

function budgetOf(bytesMax: number) {
  const budget = new BodyBudget(bytesMax)
  const stopped: string[] = []
  const begin = (owner: Owner, name: string) => {
    const arrival = budget.begin(owner)
    arrival.onStop(() => stopped.push(name))
    return arrival
  }
  return { begin, stopped }
}

describe('bodies that are too many', () => {
  test('give way one by one: the oldest of the principal who holds most', () => {
    const { begin, stopped } = budgetOf(100)
    const slow = begin(ada, 'slow')
    slow.take(30)
    for (let at = 0; at < 8; at++) begin(eve, `eve ${at}`).take(20)
    expect(stopped).toEqual(['eve 0', 'eve 1', 'eve 2', 'eve 3', 'eve 4'])
    slow.end()
  })

  test('of one organisation leave those of another alone, however many agents it has', () => {
    const { begin, stopped } = budgetOf(100)
    begin(ada, 'slow').take(40)
    for (let at = 0; at < 40; at++) begin(['known', 'org-2', `agent ${at}`], `${at}`).take(10)
    expect(stopped).not.toContain('slow')
  })

  test('without a credential leave those with one alone, from however many addresses they come', () => {
    const { begin, stopped } = budgetOf(100)
    begin(ada, 'slow').take(40)
    for (let at = 0; at < 40; at++) begin(['anonymous', `${at}`], `${at}`).take(10)
    expect(stopped).not.toContain('slow')
  })

  test('are told also when they are stopped before anybody reads them', () => {
    const budget = new BodyBudget(10)
    const arrival = budget.begin(ada)
    arrival.take(20)
    const errors: Error[] = []
    arrival.onStop((error) => errors.push(error))
    expect(errors).toMatchObject([{ code: 'busy' }])
  })
})

test('the bytes of bodies that go on never exceed the budget, and a body that holds less than its share stays', () => {
  const owners = fc.constantFrom<Owner>(
    ada,
    eve,
    ['known', 'org-2', 'agent zoe'],
    ['anonymous', '1'],
    ['anonymous', '2'],
  )
  const step = fc.record({ owner: owners, bytes: fc.integer({ min: 1, max: 60 }), ends: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { begin, stopped } = budgetOf(100)
      const mine = begin(['known', 'org-3', 'agent own'], 'mine')
      mine.take(10)
      const held = new Map<string, number>()
      for (const [at, { owner, bytes, ends }] of steps.entries()) {
        const arrival = begin(owner, `${at}`)
        held.set(`${at}`, bytes)
        arrival.take(bytes)
        if (ends) arrival.end()
        if (ends) held.delete(`${at}`)
        for (const name of stopped) held.delete(name)
        expect([...held.values()].reduce((sum, one) => sum + one, 10)).toBeLessThanOrEqual(100)
      }
      expect(stopped).not.toContain('mine')
    }),
  )
})
