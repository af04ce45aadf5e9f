import { delimiterPatterns } from './delimiters.ts'
import type { Detector, Hit } from './detector.ts'
import { authorityEscalation, indirectInjection, instructionOverride, roleManipulation } from './injection-phrases.ts'
import { PhraseSet } from './phrases.ts'
import { delimited, judged, onceEach } from './prompt-injection.ts'

const phrases = PhraseSet.shared([
  { ...roleManipulation, name: 'role_reassignment' },
  { ...instructionOverride, name: 'instruction_in_data' },
  { ...indirectInjection, name: 'addressed_to_model' },
  authorityEscalation,
])

/** Scores instructions to the model inside documents and inside the results of tools. */
export const contextInjection: Detector = {
  name: 'context_injection',
  isOn: () => true,
  detect: (seen, { contextInjectionThreshold }) => {
    if (seen.part.role !== 'tool') return []
    const hits: Hit[] = phrases.find(seen.words).map(({ rule: { name, severity, score, message }, start, end }) => ({
      ...{ rule: name, severity, score, message, start, end, action: 'warn', marker: null },
    }))
    const boundary = delimiterPatterns.findIn(seen.shadow, delimited(seen))[0]
    if (boundary) {
      const { severity, score, message } = boundary.pattern
      const [start, end] = [Math.max(0, boundary.start - 1), boundary.end - 1]
      hits.push({ rule: 'fake_boundary', severity, score, message, start, end, action: 'warn', marker: null })
    }
    return judged(onceEach(hits), contextInjectionThreshold)
  },
}
