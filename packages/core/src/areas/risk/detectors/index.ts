import { burst } from './burst.ts'
import { deniedStorm } from './denied-storm.ts'
import type { Detector } from './detector.ts'
import { exfiltration } from './exfiltration.ts'
import { firstSeen } from './first-seen.ts'
import { geoVelocity } from './geo-velocity.ts'

export type { Counted, Detector, Facts, Finding, Thresholds } from './detector.ts'

/** All detectors that judge one request with what is known of its principal. Honeytokens need no judgement. */
export const detectors: readonly Detector[] = [firstSeen, geoVelocity, burst, deniedStorm, exfiltration]
