import { inspect } from './pipeline.ts'
import { noSecrets } from './redaction/known-secrets.ts'
import type { ShroudSettings } from './settings.ts'
import type { Direction, Part } from './verdict.ts'

// How well the detectors do on prompts whose answer is known.

/** One text of a corpus, and the detectors that must find something in it. Empty: none may. */
export interface LabelledText {
  readonly text: string
  readonly expect: readonly string[]
  readonly direction?: Direction | undefined
  readonly role?: Part['role'] | undefined
}

export interface DetectorScore {
  readonly detector: string
  /** Texts in which it found something, as it must. */
  readonly found: number
  /** Texts in which it found nothing, although it must. */
  readonly missed: number
  /** Texts in which it found something, although it must not. */
  readonly falseAlarms: number
  /** Of the texts in which it found something, the part in which it must. Null: it found nothing. */
  readonly precision: number | null
  /** Of the texts in which it must find something, the part in which it did. Null: there are none. */
  readonly recall: number | null
}

/** @example evaluate([{ text: 'rm -rf /', expect: ['command_injection'] }], settingsOf({})) */
export function evaluate(texts: Iterable<LabelledText>, settings: ShroudSettings): DetectorScore[] {
  const counts = new Map<string, { found: number; missed: number; falseAlarms: number }>()
  const countsOf = (detector: string) => {
    const known = counts.get(detector) ?? { found: 0, missed: 0, falseAlarms: 0 }
    counts.set(detector, known)
    return known
  }
  for (const { text, expect, direction = 'request', role } of texts) {
    const part = { text, role: role ?? (direction === 'request' ? 'user' : 'assistant') }
    const found = new Set<string>(inspect([part], settings, noSecrets, direction).findings.map((one) => one.detector))
    for (const detector of found) countsOf(detector)[expect.includes(detector) ? 'found' : 'falseAlarms']++
    for (const detector of expect) if (!found.has(detector)) countsOf(detector).missed++
  }
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([detector, { found, missed, falseAlarms }]) => ({
      ...{ detector, found, missed, falseAlarms },
      precision: found + falseAlarms === 0 ? null : found / (found + falseAlarms),
      recall: found + missed === 0 ? null : found / (found + missed),
    }))
}
