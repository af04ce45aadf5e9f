import { second } from '../../../kernel/time.ts'
import { windows } from '../recent.ts'
import type { Detector, Facts } from './detector.ts'

const timesForHigh = 10

function threshold({ thresholds: { denied } }: Facts): number {
  return denied === 0 ? Number.POSITIVE_INFINITY : denied
}

/** Many requests that were refused: a principal tries what it may do. */
export const deniedStorm: Detector = {
  name: 'denied_storm',
  counts: { what: 'denied', threshold },
  restMs: windows.denied / 5,
  judge: (facts) => {
    const { denied: observed } = facts
    const from = threshold(facts)
    if (observed < from) return null
    const windowSeconds = windows.denied / second
    return {
      severity: observed >= timesForHigh * from ? 'high' : 'medium',
      description: `${observed} refused requests in ${windowSeconds} seconds. The threshold is ${from}, and ${timesForHigh * from} is high.`,
      metadata: { observed, threshold: from, window_seconds: windowSeconds },
    }
  },
}
