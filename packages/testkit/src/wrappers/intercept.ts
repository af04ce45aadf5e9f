// What all wrappers have in common. A wrapper goes around a port and sees its calls. Other members of the port (an optional
// ability, a name) stay as they are, so the engine behaves as it would without the wrapper.

/** How the calls of a port are shown, by method. A size stands for bytes, which may be a secret. */
export type Calls = Readonly<Record<string, (...asked: never[]) => object>>

/** A call as it is shown. */
export type CallOf<C extends Calls> = {
  [Method in keyof C & string]: { readonly method: Method } & Readonly<ReturnType<C[Method]>>
}[keyof C & string]

/** Decides what becomes of a call: `work` carries it out. */
export type Interceptor<Call> = <T>(call: Call, work: () => Promise<T>) => Promise<T>

type Method = (...asked: never[]) => unknown

/** Methods that `calls` does not name are no calls: they always work. Of a stream, each step is a call. */
export function intercept<P extends object, C extends Calls>(
  port: P,
  calls: C,
  handle: Interceptor<CallOf<C>>,
  streams: readonly (keyof C)[] = [],
): P {
  const outer = {}
  for (const name of namesOf(port)) {
    const inner: unknown = Reflect.get(port, name)
    if (typeof inner !== 'function') {
      Object.defineProperty(outer, name, { enumerable: true, get: () => Reflect.get(port, name) })
      continue
    }
    const method = inner.bind(port) as Method
    const show = calls[name]
    Reflect.set(outer, name, show ? seen(name, method, show, handle, streams.includes(name)) : method)
  }
  return outer as P
}

function seen<Call>(name: string, method: Method, show: Method, handle: Interceptor<Call>, isStream: boolean): Method {
  const callOf = (asked: never[]) => ({ method: name, ...(show(...asked) as object) }) as Call
  if (!isStream) return (...asked) => handle(callOf(asked), async () => method(...asked))
  return async function* (...asked) {
    const steps = (method(...asked) as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    try {
      for (;;) {
        const { done, value } = await handle(callOf(asked), () => steps.next())
        if (done) return
        yield value
      }
    } finally {
      await steps.return?.()
    }
  }
}

/** Of an object and of what it inherits. */
function namesOf(port: object): Set<string> {
  const names = new Set<string>()
  for (let at: object | null = port; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  }
  names.delete('constructor')
  return names
}

export interface SlowOptions {
  /** Waits when the call was carried out, and keeps its answer back. Otherwise the call has not begun meanwhile. */
  readonly after?: boolean
}

export function delayed<Call extends { readonly method: string }>(
  sleep: (method: Call['method']) => Promise<void>,
  { after = false }: SlowOptions,
): Interceptor<Call> {
  return async ({ method }, work) => {
    if (!after) await sleep(method)
    const answer = await work()
    if (after) await sleep(method)
    return answer
  }
}

export interface FailingOptions<Call> {
  /** Fails every so many calls: with 3, the third, the sixth and so on. */
  readonly every?: number
  /** Fails this call only; the first is 1. */
  readonly at?: number
  /** Which calls are counted, and may fail. Default: all. */
  readonly only?: (call: Call) => boolean
  /** Fails after the call was carried out, as when the answer is lost. Otherwise nothing is done. */
  readonly after?: boolean
  /** What is thrown, when it is to be something else than the port has for being unavailable. */
  readonly error?: () => Error
}

export function failed<Call>(options: FailingOptions<Call>, unavailable: () => Error): Interceptor<Call> {
  const isChosen = choice(options)
  const { after = false, error = unavailable } = options
  return async (call, work) => {
    const fails = isChosen(call)
    if (fails && !after) throw error()
    const answer = await work()
    if (fails) throw error()
    return answer
  }
}

/** Counts calls, and says of each whether it is one that fails. */
export function choice<Call>({ every, at, only = () => true }: FailingOptions<Call>): (call: Call) => boolean {
  let calls = 0
  return (call) => {
    if (!only(call)) return false
    calls++
    return calls === at || (every !== undefined && calls % every === 0)
  }
}

/** Lists the calls in the order they were made. */
export function listed<Call>(calls: Call[]): Interceptor<Call> {
  return (call, work) => {
    calls.push(call)
    return work()
  }
}
