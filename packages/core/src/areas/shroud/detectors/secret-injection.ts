import { credentialPatterns } from './credentials.ts'
import type { Detector, Hit } from './detector.ts'

/** Finds credentials that a user pasted into a prompt. */
export const secretInjection: Detector = {
  name: 'secret_injection',
  isOn: ({ secretInjection: { isOn } }) => isOn,
  detect: ({ shadow }, { secretInjection: { action, level } }) => {
    const found = credentialPatterns.findIn(shadow, shadow.text)
    const wanted = level === 'relaxed' ? found.filter(({ pattern }) => pattern.isUnmistakable) : found
    return wanted.map(
      ({ pattern: { name, severity, score, message }, start, end }): Hit => ({
        ...{ rule: name, severity, score, message, start, end, action },
        marker: `[REDACTED:${name}]`,
      }),
    )
  },
}
