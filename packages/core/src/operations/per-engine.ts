import type { Engine, Handle, Services } from './engine.ts'

/**
 * State in memory, or a service, that belongs to one engine: a cache, a signer. It is made at first use and ends with the
 * engine, so two engines in one process share nothing. State that holds keys says how they are wiped.
 *
 * @example
 * const dataKeys = perEngine(({ budget }) => new Cache<string, Uint8Array>(budget, { weigh: (key) => 200 + key.length }))
 * dataKeys(context).get(id)
 */
export function perEngine<T extends object>(
  make: (engine: Engine) => T,
  wipe: (state: T) => void = () => {},
): (of: Named) => T {
  const slot = wipers.push(wipe as (state: unknown) => void) - 1
  return ({ handle }) => {
    handle.states[slot] ??= make(engineOf(handle))
    return handle.states[slot] as T
  }
}

type Named = Pick<Services, 'handle'>

/** One for each `perEngine` of the process. */
const wipers: ((state: unknown) => void)[] = []

/** Wipes and removes all state of an engine that has ended. */
export function forgetEngine({ handle }: Named): void {
  for (const [slot, state] of handle.states.entries()) if (state !== undefined) wipers[slot]?.(state)
  handle.states.length = 0
  handle.engine = null
}

function engineOf({ engine }: Handle): Engine {
  if (!engine) throw new TypeError('This engine has ended.')
  return engine
}
