import { day, second } from '../../../kernel/time.ts'
import { windows } from '../recent.ts'
import type { Detector, Facts } from './detector.ts'

const timesUsual = 6

/** A principal of less than a day has nothing usual yet. */
function threshold({ ageMs, usual, thresholds: { requests } }: Facts): number {
  return requests === 0 || ageMs < day ? Number.POSITIVE_INFINITY : Math.max(requests, timesUsual * usual.requests)
}

/** Many more requests in a minute than the principal ever made. */
export const burst: Detector = {
  name: 'burst',
  counts: { what: 'requests', threshold },
  restMs: windows.requests,
  judge: (facts) => {
    const { requests: observed, usual } = facts
    const from = threshold(facts)
    if (observed < from) return null
    const windowSeconds = windows.requests / second
    return {
      severity: 'medium',
      description: `${observed} requests in ${windowSeconds} seconds. The threshold is ${from}.`,
      metadata: { observed, threshold: from, usual: usual.requests, window_seconds: windowSeconds },
    }
  },
}
