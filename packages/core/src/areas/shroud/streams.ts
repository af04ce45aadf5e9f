import { perEngine, type Services } from '../../operations/index.ts'
import { tooManyStreams } from './errors.ts'

/** Streams that are open now, by agent and by router key. Memory is enough: streams end with their engine. */
const open = perEngine(() => new Map<string, number>())

interface Limited {
  readonly id: string
  readonly max: number
}

/** Takes a place for one stream, or throws. Returns the function that gives it back. */
export function takeStream(services: Pick<Services, 'handle'>, limits: readonly Limited[]): () => void {
  const counts = open(services)
  for (const { id, max } of limits) {
    if ((counts.get(id) ?? 0) >= max) throw tooManyStreams({ max, retryAfterSeconds: 1 })
  }
  for (const { id } of limits) counts.set(id, (counts.get(id) ?? 0) + 1)
  let isTaken = true
  return () => {
    if (!isTaken) return
    isTaken = false
    for (const { id } of limits) giveBack(counts, id)
  }
}

function giveBack(counts: Map<string, number>, id: string): void {
  const count = (counts.get(id) ?? 1) - 1
  if (count === 0) counts.delete(id)
  else counts.set(id, count)
}
