// How long the replacement of known secrets takes: 1,000 secrets in all their written forms, a text of 4 KB and one of 100 KB
// with two of them in it, and a new automaton after a change.
import { Secret } from '@pawl/core'
import { Redactor } from '@pawl/core/shroud'
import { say } from './child.ts'
import { median, seeded } from './vault.ts'

const pick = seeded(14)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const drawn = (length: number) => Array.from({ length }, () => alphabet[pick(alphabet.length)]).join('')
const beginnings = ['sk_live_', 'ghp_', 'AKIA', 'xoxb-', '', '', 'postgres://app:']
const values = Array.from({ length: 1_000 }, (_, at) => `${beginnings[at % beginnings.length]}${drawn(24 + (at % 30))}`)
const secrets = values.map((value, at) => ({
  value: Secret.of(value),
  marker: `[REDACTED:#${at.toString(16).padStart(8, '0')}]`,
}))

const words =
  'The agent reads the invoice of May, compares 1,250.00 EUR with order #A-7731 and writes {"ok": true} to the log.'
const text = (length: number) => {
  const prose = `${words} ${drawn(40)}\n`.repeat(Math.ceil(length / (words.length + 42))).slice(0, length - 120)
  return `${prose.slice(0, length / 2)} ${values[17]} ${prose.slice(length / 2)} ${btoa(`user:${values[703]}`)}`
}

function msOf(rounds: number, work: () => void): number[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
}

const redactor = Redactor.of(secrets)
const [small, large] = [text(4 * 1024), text(100 * 1024)]
msOf(300, () => redactor.whole(small))
msOf(30, () => redactor.whole(large))
const smallMs = msOf(2_000, () => redactor.whole(small))
const largeMs = msOf(200, () => redactor.whole(large))
const found = redactor.whole(large).count
const buildMs = msOf(5, () => Redactor.of(secrets))
say({
  found,
  perSecond: 1_000 / (smallMs.reduce((sum, ms) => sum + ms, 0) / smallMs.length),
  p50: median(largeMs),
  build: median(buildMs),
  megabytes: redactor.weight / 2 ** 20,
})
