import type { Engine, Services } from './engine.ts'

/**
 * State in memory, or a service, that belongs to one engine: a cache, a signer. It is made at first use and ends with the
 * engine, so two engines in one process share nothing. State that holds keys says how they are wiped.
 *
 * @example
 * const dataKeys = perEngine(() => new Lru<string, Uint8Array>({ max: 10_000 }))
 * dataKeys(context).get(id)
 */
export function perEngine<T>(make: (engine: Engine) => T, wipe?: (state: T) => void): (of: Named) => T {
  const states = new WeakMap<object, { state: T }>()
  forgetters.push((handle) => {
    const held = states.get(handle)
    if (held) wipe?.(held.state)
    states.delete(handle)
  })
  return ({ handle }) => {
    let held = states.get(handle)
    if (!held) {
      held = { state: make(engineOf(handle)) }
      states.set(handle, held)
    }
    return held.state
  }
}

type Named = Pick<Services, 'handle'>

const engines = new WeakMap<object, Engine>()
const forgetters: ((handle: object) => void)[] = []

/** Lets `perEngine` find an engine by its handle. */
export function rememberEngine(engine: Engine): void {
  engines.set(engine.handle, engine)
}

/** Leaves nothing in memory of what belonged to an engine that has ended. */
export function forgetEngine({ handle }: Named): void {
  for (const forget of forgetters) forget(handle)
  engines.delete(handle)
}

function engineOf(handle: object): Engine {
  const engine = engines.get(handle)
  if (!engine) throw new TypeError('This engine has ended.')
  return engine
}
