import { day, second } from '../../../kernel/time.ts'
import { DistinctCount, windows } from '../recent.ts'
import type { Detector, Facts } from './detector.ts'

const timesUsual = 5

/**
 * A principal of less than a day has nothing usual yet. One that always reads very many secrets cannot be told from a thief.
 */
function threshold({ ageMs, usual, thresholds: { secrets } }: Facts): number {
  const from = Math.max(secrets, timesUsual * usual.secrets)
  return secrets === 0 || ageMs < day || from > DistinctCount.max ? Number.POSITIVE_INFINITY : from
}

/** Values of many different secrets in a short time, and of many more than the principal usually reads. */
export const exfiltration: Detector = {
  name: 'exfiltration',
  counts: { what: 'secrets', threshold },
  restMs: windows.secrets,
  judge: (facts) => {
    const { secrets: observed, usual } = facts
    const from = threshold(facts)
    if (observed < from) return null
    const windowSeconds = windows.secrets / second
    return {
      severity: 'high',
      description: `Values of ${observed} different secrets in ${windowSeconds} seconds. The threshold is ${from}.`,
      metadata: { observed, threshold: from, usual: usual.secrets, window_seconds: windowSeconds },
    }
  },
}
