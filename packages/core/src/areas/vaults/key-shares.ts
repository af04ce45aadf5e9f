import { combine, type Point, split } from '../../crypto/shamir.ts'
import { wipe } from '../../kernel/bytes.ts'
import type { PawlError } from '../../kernel/errors.ts'
import type { Random } from '../../ports/random.ts'
import { keyStoreUnavailable } from './errors.ts'

// With custody 2-of-3, each of three key stores wraps one Shamir share of a data key. Any two shares give the data key, so
// a vault stays open while one key store is away. One share reveals nothing.

export const custodyStores = 3
export const custodyThreshold = 2

/** The parts of a data key for so many key stores. For one, the data key as it is. */
export function splitKey(dataKey: Uint8Array, stores: number, random: Random): Uint8Array[] {
  if (stores === 1) return [dataKey]
  return split(dataKey, stores, custodyThreshold, random).map(({ y }) => y)
}

/** The data key of these parts, which arrive from key stores. Does not wait for a key store that is not needed. */
export async function joinShares(parts: readonly Promise<Uint8Array>[]): Promise<Uint8Array> {
  const [only] = parts
  if (only && parts.length === 1) return only
  const points = await firstPoints(parts.map((part, at) => part.then((y) => ({ x: at + 1, y }))))
  const dataKey = combine(points)
  for (const { y } of points) wipe(y)
  return dataKey
}

function firstPoints(asked: readonly Promise<Point>[]): Promise<Point[]> {
  return new Promise((resolve, reject) => {
    const points: Point[] = []
    const errors: unknown[] = []
    const arrived = (point: Point) => {
      if (points.length === custodyThreshold) return wipe(point.y)
      points.push(point)
      if (points.length === custodyThreshold) resolve([...points])
    }
    const failed = (error: unknown) => {
      errors.push(error)
      if (errors.length > asked.length - custodyThreshold) reject(errorOf(errors))
    }
    for (const one of asked) one.then(arrived, failed)
  })
}

/** Names every key store that is away. Another failure says more: the key was replaced, or the share is not authentic. */
function errorOf(errors: readonly unknown[]): unknown {
  const other = errors.find((error) => !keyStoreUnavailable.is(error))
  if (other !== undefined) return other
  const away = errors as readonly PawlError<{ key_stores: readonly string[] }>[]
  return keyStoreUnavailable({ key_stores: away.flatMap(({ data }) => data.key_stores) })
}
