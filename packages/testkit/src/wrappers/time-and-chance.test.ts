import { manualClock, seededRandom, systemClock, systemRandom } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { testClock, testRandom } from '../conformance/small-ports.ts'
import { failingRandom, recordingRandom, steppingClock } from './time-and-chance.ts'

testClock('a stepping reference', () => steppingClock(systemClock, () => 0), { describe, it })
testRandom('a failing reference', () => failingRandom(systemRandom, { at: 0 }), { describe, it })
testRandom('a recording reference', () => recordingRandom(systemRandom), { describe, it })

describe('a stepping clock', () => {
  it('jumps when it is told to, and stays there', () => {
    const clock = steppingClock(manualClock(1_000), (look) => (look === 2 ? -300 : 0))
    expect([clock.now(), clock.now(), clock.now()]).toEqual([1_000, 700, 700])
    clock.advance(50)
    expect(clock.now()).toBe(750)
  })
})

describe('a source of randomness', () => {
  it('fails the call it is told to, and gives the same as ever at the others', () => {
    const random = failingRandom(seededRandom('s'), { at: 2 })
    expect(random.bytes(4)).toEqual(seededRandom('s').bytes(4))
    expect(() => random.bytes(4)).toThrow('on purpose')
    expect(random.bytes(4)).toHaveLength(4)
  })

  it('tells how much was asked of it', () => {
    const random = recordingRandom(seededRandom('s'))
    random.bytes(4)
    random.bytes(12)
    expect(random.calls.map(({ count }) => count)).toEqual([4, 12])
  })
})
