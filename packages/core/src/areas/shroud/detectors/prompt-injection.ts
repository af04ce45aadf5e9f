import type { Action } from '../verdict.ts'
import { delimiterPatterns } from './delimiters.ts'
import type { Detector, Hit, Seen } from './detector.ts'
import {
  encodingEvasion,
  indirectInjection,
  instructionOverride,
  promptExtraction,
  roleManipulation,
} from './injection-phrases.ts'
import { PhraseSet } from './phrases.ts'

const phrases = PhraseSet.shared([
  roleManipulation,
  instructionOverride,
  encodingEvasion,
  indirectInjection,
  promptExtraction,
])

/** A request with a higher score is refused, even if the settings allow it. */
export const injectionFloor = 0.9

/**
 * Scores what could make the model work for another than its agent. The weights of the categories are summed, each once. The
 * messages of the agent itself and of the model are not scored: they may speak of their own instructions.
 */
export const promptInjection: Detector = {
  name: 'prompt_injection',
  isOn: () => true,
  detect: (seen, { injectionThreshold }) => {
    if (seen.direction === 'request' && seen.part.role !== 'user' && seen.part.role !== 'tool') return []
    const hits: Hit[] = phrases.find(seen.words).map(({ rule: { name, severity, score, message }, start, end }) => ({
      ...{ rule: name, severity, score, message, start, end, action: 'warn', marker: null },
    }))
    const delimiter = delimiterPatterns.findIn(seen.shadow, delimited(seen))[0]
    if (delimiter) {
      const { severity, score, message } = delimiter.pattern
      // One more character stands before the text.
      const start = Math.max(0, delimiter.start - 1)
      hits.push({
        rule: 'delimiter_abuse',
        severity,
        score,
        message,
        start,
        end: delimiter.end - 1,
        action: 'warn',
        marker: null,
      })
    }
    return judged(onceEach(hits), injectionThreshold)
  },
}

/** A turn can begin with the text. */
export function delimited({ shadow: { lower } }: Seen): string {
  return `\n${lower}`
}

/** The first hit of each category. */
export function onceEach(hits: readonly Hit[]): Hit[] {
  const first = new Map<string, Hit>()
  for (const hit of hits) if (!first.has(hit.rule)) first.set(hit.rule, hit)
  return [...first.values()]
}

export function scoreOf(hits: readonly { readonly score: number }[]): number {
  // In hundredths, because 0.6 + 0.3 is less than 0.9.
  const sum = hits.reduce((hundredths, { score }) => hundredths + Math.round(score * 100), 0)
  return Math.min(100, sum) / 100
}

/** All together they are refused when their sum is above the threshold or the floor. */
export function judged(hits: readonly Hit[], threshold: number): Hit[] {
  const score = scoreOf(hits)
  const action: Action = score > threshold || score > injectionFloor ? 'block' : 'warn'
  return hits.map((hit) => ({ ...hit, action }))
}
