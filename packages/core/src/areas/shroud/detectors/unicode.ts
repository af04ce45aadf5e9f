import { withoutHomoglyphs } from '../shadow.ts'
import type { Detector } from './detector.ts'

/** Says that a word mixes letters of several scripts that look alike. The pipeline writes them as Latin ones. */
export const unicode: Detector = {
  name: 'unicode',
  isOn: ({ unicode: { isOn, normalizesHomoglyphs } }) => isOn && normalizesHomoglyphs,
  detect: ({ shadow, direction }) => {
    if (direction === 'response' || !withoutHomoglyphs(shadow.given).isChanged) return []
    return [
      {
        ...{ rule: 'homoglyphs', severity: 'medium', score: 0.5, start: 0, end: shadow.text.length, action: 'warn' },
        message: 'The text has letters of other scripts within Latin words.',
        marker: null,
      },
    ]
  },
}
