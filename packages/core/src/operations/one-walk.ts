import { keyedMutex } from '../records/index.ts'
import type { Services } from './engine.ts'
import { perEngine } from './per-engine.ts'

const walks = perEngine(() => keyedMutex())

/** Runs the walks of a caller one at a time, in the order of the calls. A walk can read many records. */
export async function oneWalkAtATime<T>(
  of: Pick<Services, 'handle'>,
  askedBy: string,
  walk: () => Promise<T>,
): Promise<T> {
  const leave = await walks(of).lock(askedBy)
  try {
    return await walk()
  } finally {
    leave()
  }
}
