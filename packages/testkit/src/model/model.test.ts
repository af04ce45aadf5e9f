import { describe, expect, it } from 'vitest'
import { Budget, Finding, Register, Trail, ticks } from './index.ts'

describe('a register', () => {
  it('is what was acknowledged last', () => {
    const register = new Register(ticks(), 'old')
    register.change('new').acknowledged()
    expect(() => register.found('old', 'it')).toThrow('it: acknowledged was new, there is old')
    register.found('new', 'it')
  })

  it('may be either when a change was not answered, until somebody looks', () => {
    const looked = (...finds: string[]) => {
      const register = new Register(ticks(), 'old')
      register.change('new').unknown()
      for (const one of finds) register.found(one, 'it')
    }
    expect(() => looked('old', 'old')).not.toThrow()
    expect(() => looked('new', 'new')).not.toThrow()
    expect(() => looked('new', 'old')).toThrow(Finding)
    expect(() => looked('old', 'new')).toThrow(Finding)
    expect(() => looked('other')).toThrow('acknowledged was old, or perhaps new, there is other')
  })

  it('may be what a change makes of it while that is under way, and not what was over before the look began', () => {
    let now = 0
    const register = new Register(() => now, 'old')
    const change = register.change('new')
    now = 5
    expect([register.may((one) => one === 'old', 3), register.may((one) => one === 'new', 3)]).toEqual([true, true])
    change.acknowledged()
    now = 9
    expect([register.may((one) => one === 'old', 4), register.may((one) => one === 'old', 7)]).toEqual([true, false])
  })

  it('is as it was when a change was refused', () => {
    const register = new Register(ticks(), 'old')
    register.change('new').refused()
    expect(() => register.found('new', 'it')).toThrow(Finding)
  })
})

describe('a budget', () => {
  it('is given so often, and no more', () => {
    const budget = new Budget('it', 2)
    budget.give()
    budget.give()
    expect(() => budget.give()).toThrow('it was given 3 times, not 2')
  })

  it('is used up when all of it was given, or may have been', () => {
    const budget = new Budget('it', 2)
    budget.give()
    expect(() => budget.refuse()).toThrow('it was used up when it was given 1 times, not 2')
    budget.lose()
    budget.refuse()
  })
})

it('a trail misses what is told of less often than it was acknowledged', () => {
  const trail = new Trail()
  for (const name of ['read', 'read', 'write']) trail.acknowledged(name)
  expect(trail.missingIn(['read', 'write', 'write', 'other'])).toEqual(['read'])
  expect(trail.missingIn(['read', 'read', 'write'])).toEqual([])
})
