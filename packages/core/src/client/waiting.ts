import { type Answer, unreachable } from './answer.ts'

/** When a call can be retried. */
export interface Repeatable {
  /** After a lost request, whose outcome is unknown. */
  readonly whenLost: boolean
  /** After the server answered 429. */
  readonly whenLimited: boolean
}

const attemptsMax = 3
const patienceMsMax = 5_000
const backoffMs = 100

/** Retries a call up to two times, if it can be retried and the wait is short. */
export async function patiently(
  repeatable: Repeatable,
  signal: AbortSignal,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  for (let left = attemptsMax - 1; ; left--) {
    try {
      const answer = await attempt()
      const waitMs = (answer.retryAfterSeconds ?? Number.POSITIVE_INFINITY) * 1_000
      const isWorthIt = answer.status === 429 && repeatable.whenLimited && waitMs <= patienceMsMax
      if (left === 0 || !isWorthIt) return answer
      await pause(waitMs, signal)
    } catch (error) {
      if (left === 0 || !repeatable.whenLost || !unreachable.is(error)) throw error
      await pause(backoffMs * (attemptsMax - left), signal)
    }
  }
}

/** Settles like the promise, or rejects with the reason of the signal if it aborts first. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return orAborted(new Promise((done) => void setTimeout(done, milliseconds)), signal)
}
