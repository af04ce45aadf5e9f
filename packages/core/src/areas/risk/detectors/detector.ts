import type { Place } from '../../../kernel/geo.ts'
import type { Json } from '../../../kernel/json.ts'
import type { Profile, Severity, Usual } from '../records.ts'

/** What detectors are asked about: one event of a principal, and what is known besides. Nothing else decides. */
export interface Facts {
  readonly at: number
  /** The network of the address. Null: the address is not known. */
  readonly network: string | null
  /** Whether the address was not seen just now. */
  readonly isNewAddress: boolean
  /** Null: there is no geo file, or it does not know the address. */
  readonly place: Place | null
  /** Time since the principal was made. */
  readonly ageMs: number
  readonly networks: Profile['networks']
  readonly lastPlace: Profile['place']
  readonly usual: Usual
  /** Numbers of the windows in `recent.ts`. */
  readonly requests: number
  readonly denied: number
  readonly secrets: number
  readonly thresholds: Thresholds
}

/** From how many on a detector speaks, as the organisation wants it. 0: it is off. */
export interface Thresholds {
  readonly requests: number
  readonly denied: number
  readonly secrets: number
}

export interface Finding {
  readonly severity: Severity
  /** One sentence for a person: what happened, and which threshold it went over. */
  readonly description: string
  /** The same in numbers. */
  readonly metadata: Readonly<Record<string, Json>>
}

/** A window in which things are counted: see `recent.ts`. */
export type Counted = keyof Thresholds

export interface Detector {
  /** The `event_type` of its events. */
  readonly name: string
  /** The count that it watches, and its threshold. Below the threshold, the engine does not call it. */
  readonly counts?: { readonly what: Counted; threshold(facts: Facts): number }
  /** After a finding, it reports nothing about this principal for this time. */
  readonly restMs: number
  judge(facts: Facts): Finding | null
}
