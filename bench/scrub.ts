// How long it takes to remove a credential from a text, and from one of four times the length, where the credential has
// thousands of fragments and the text has their beginnings.
import { Secret } from '@pawl/core'
import { scrubber } from '@pawl/core/scrubber'
import { say } from './child.ts'

const value = Array.from({ length: 4_096 }, (_, at) => String.fromCharCode(33 + ((at * at * 7 + at * 3) % 90))).join('')
const scrub = scrubber([Secret.of(value)])
const beginnings = value.match(/.{1,7}/g)?.join(' ') ?? ''
const body = (length: number) => beginnings.repeat(Math.ceil(length / beginnings.length)).slice(0, length)

function msFor(length: number): number {
  const text = body(length)
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now()
    scrub(text)
    return performance.now() - started
  })
  // The shortest, because what else the machine does only adds.
  return Math.min(...times)
}

msFor(64 * 1024)
say({ quarter: msFor(256 * 1024), whole: msFor(1024 * 1024) })
