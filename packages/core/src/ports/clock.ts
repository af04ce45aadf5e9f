/** The current time. The engine handles a clock that runs backwards. The adapter only returns its time. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
}
