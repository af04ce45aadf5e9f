import type { Mailer, Message } from '@pawl/core/ports'
import {
  manualClock,
  memoryMailer,
  noMailer,
  seededRandom,
  systemClock,
  systemRandom,
} from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import type { Runner } from '../../src/conformance/asserts.ts'
import { testClock, testMailer, testRandom } from '../../src/conformance/small-ports.ts'
import { casesOf } from './cases.ts'

const runner = { describe, it }
testClock('systemClock', () => systemClock, runner)
testClock('manualClock', () => manualClock('2026-01-01T00:00:00Z'), runner)
testRandom('systemRandom', () => systemRandom, runner)
testRandom('seededRandom', () => seededRandom('seed'), runner)
testMailer('noMailer', () => ({ mailer: noMailer }), runner)
testMailer(
  'memoryMailer',
  () => {
    const mailer = memoryMailer()
    return { mailer, delivered: async () => mailer.sent }
  },
  runner,
)

describe('the suites of the small ports', () => {
  const broken: Record<string, (runner: Runner) => void> = {
    'a clock in seconds and fractions': (run) => testClock('x', () => ({ now: () => 1.5 }), run),
    'a clock that goes back': (run) => {
      let now = 10_000
      testClock('x', () => ({ now: () => now-- }), run)
    },
    'randomness that repeats': (run) =>
      testRandom('x', () => ({ bytes: (count) => new Uint8Array(count).fill(4) }), run),
    'randomness that hands out one buffer': (run) => {
      const buffer = new Uint8Array(300_000)
      testRandom('x', () => ({ bytes: (count) => buffer.subarray(0, count) }), run)
    },
    'randomness without high bits': (run) =>
      testRandom('x', () => ({ bytes: (count) => systemRandom.bytes(count).map((byte) => byte & 0x7f) }), run),
    'a mailer that loses what it takes': (run) =>
      testMailer('x', () => ({ mailer: { send: async () => {} }, delivered: async () => [] }), run),
    'a mailer that pretends': (run) => testMailer('x', () => ({ mailer: { send: async () => {} } }), run),
    'a mailer that reads addresses as lists': (run) => {
      const sent: Message[] = []
      const mailer: Mailer = { send: async (message) => void sent.push(message) }
      testMailer('x', () => ({ mailer, delivered: async () => sent.splice(0) }), run)
    },
  }

  it.each(Object.entries(broken))('find %s', async (_, test) => {
    const outcomes = await Promise.allSettled([...casesOf(test).values()].map((body) => body()))
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
  })
})
