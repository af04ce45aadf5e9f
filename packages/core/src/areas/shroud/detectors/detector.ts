import type { ShroudSettings } from '../settings.ts'
import type { Shadow } from '../shadow.ts'
import type { Action, DetectorName, Direction, Part, Severity } from '../verdict.ts'
import type { Words } from './phrases.ts'

/** What a detector looks at: one part, in the form without tricks. */
export interface Seen {
  readonly part: Part
  readonly direction: Direction
  readonly shadow: Shadow
  readonly words: Words
  /** A text that was found encoded in a part. */
  readonly isDecoded: boolean
}

/** What a detector found. Positions are those of the shadow. */
export interface Hit {
  readonly rule: string
  readonly severity: Severity
  readonly score: number
  readonly start: number
  readonly end: number
  readonly action: Action
  readonly message: string
  /** What stands in its place when it is redacted. Null: it cannot be taken out. */
  readonly marker: string | null
}

/** A pure function of a text and the settings of the agent. */
export interface Detector {
  readonly name: DetectorName
  /** Whether the settings turn it on. */
  isOn(settings: ShroudSettings): boolean
  detect(seen: Seen, settings: ShroudSettings): readonly Hit[]
}
