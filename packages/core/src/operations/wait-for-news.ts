import { defineError } from '../kernel/errors.ts'
import { second } from '../kernel/time.ts'
import type { News, Reading } from '../records/index.ts'
import type { Origin } from './caller.ts'
import type { Engine } from './engine.ts'
import { perEngine } from './per-engine.ts'

/** What a call waits for. */
export interface Awaited {
  /** The topic of the records that can contain the news. */
  readonly topic: string
  readonly msMax: number
  /** A cheap check in the store for news. It prevents a needless run of the operation. */
  isThere(reading: Reading): Promise<boolean>
}

/**
 * An answer without news. The caller gets it when the time is over. If there is news before that, the engine performs the
 * operation again, with a new decision about access.
 *
 * @example
 * return changes.length > 0 ? answer : new WaitForNews(answer, { topic: vault_id, msMax: 30_000, isThere })
 */
export class WaitForNews<O> {
  readonly output: O
  readonly awaited: Awaited

  constructor(output: O, awaited: Awaited) {
    this.output = output
    this.awaited = awaited
  }
}

const retryAfterSeconds = 1

/** Calls that do not wait are answered all the same. */
export const tooManyWaiting = defineError<{ retryAfterSeconds: number }>(
  'too_many_waiting',
  'limited',
  'Too many calls wait. Call again without waiting, or try again later.',
)

const waitingMax = 1_000
const waitingOfCallerMax = 10
/** Minimum time between two runs of the operation, for news that the caller may not see. */
const pauseMs = second
/** Other engines on the same store send no notification, so this engine polls for their news. */
const lookEveryMs = 2 * second

/** The waiting of one call, from its first answer on. */
export interface Waiting {
  /** False when the time is over, the caller has left or the engine ends. True when there is news. */
  forNews(awaited: Awaited, reading: Reading): Promise<boolean>
  end(): void
}

/** Takes a place among the waiting calls. Throws `too_many_waiting` if there is none. */
export function beginWaiting(engine: Engine, callerId: string, origin: Origin, msMax: number): Waiting {
  const { news, isShared } = engine.records
  const over = new AbortController()
  const stop = () => over.abort()
  const leave = takePlace(engine, callerId, () => {
    origin.waitingEnds?.()
    stop()
  })
  const timer = setTimeout(stop, msMax)
  const stay = engine.ending.onEnd(stop)
  const forget = origin.gone?.(stop)
  let isFirst = true
  return {
    forNews: async (awaited, reading) => {
      if (!isFirst) await sleep(over.signal, pauseMs)
      isFirst = false
      return untilThere(news, isShared ? lookEveryMs : null, awaited, reading, over.signal)
    },
    end: () => {
      clearTimeout(timer)
      stay()
      forget?.()
      leave()
    },
  }
}

/** Listens before it looks, so that nothing comes in between. */
async function untilThere(
  news: News,
  lookEvery: number | null,
  { topic, isThere }: Awaited,
  reading: Reading,
  over: AbortSignal,
): Promise<boolean> {
  while (!over.aborted) {
    const told = new AbortController()
    const stopListening = news.listen(topic, () => told.abort())
    try {
      if (await isThere(reading)) return !over.aborted
      await sleep(over, lookEvery, told.signal)
    } finally {
      stopListening()
    }
  }
  return false
}

/** Until one of these aborts, or the time is over. */
function sleep(over: AbortSignal, msMax: number | null, told?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = msMax === null ? undefined : setTimeout(done, msMax)
    function done() {
      clearTimeout(timer)
      over.removeEventListener('abort', done)
      resolve()
    }
    over.addEventListener('abort', done)
    told?.addEventListener('abort', done)
    if (over.aborted || told?.aborted) done()
  })
}

const waiting = perEngine(() => ({ stops: new Set<() => void>(), byCaller: new Map<string, number>(), isOver: false }))

/** Answers all waiting calls. Later calls do not wait. */
export function stopWaiting(engine: Engine): void {
  const places = waiting(engine)
  places.isOver = true
  for (const stop of places.stops) stop()
}

function takePlace(engine: Engine, callerId: string, stop: () => void): () => void {
  const places = waiting(engine)
  const own = places.byCaller.get(callerId) ?? 0
  if (places.stops.size >= waitingMax || own >= waitingOfCallerMax) throw tooManyWaiting({ retryAfterSeconds })
  places.stops.add(stop)
  places.byCaller.set(callerId, own + 1)
  if (places.isOver) stop()
  return () => {
    places.stops.delete(stop)
    const left = (places.byCaller.get(callerId) ?? 1) - 1
    if (left > 0) places.byCaller.set(callerId, left)
    else places.byCaller.delete(callerId)
  }
}
