import { credentialHits } from './credentials.ts'
import type { Detector, Hit } from './detector.ts'

/** Takes credentials out of what a model answers, whether the vault knows them or not. */
export const credentialFilter: Detector = {
  name: 'credential_filter',
  isOn: ({ filtersResponses }) => filtersResponses,
  detect: ({ shadow }) =>
    credentialHits(shadow.text).map(
      ({ pattern: { name, severity, score, message }, start, end }): Hit => ({
        ...{ rule: name, severity, score, message, start, end },
        action: 'redact',
        marker: `[REDACTED:${name}]`,
      }),
    ),
}
