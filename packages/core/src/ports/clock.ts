/** The time. The engine guards against a clock that runs backwards; an adapter just tells the time it knows. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
}
