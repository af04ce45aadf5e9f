import { RequestRejected } from './errors.ts'
import type { Arrival, WebRequest } from './messages.ts'

/** The whole body of a request. Throws if it is longer than `bytesMax`, or if the arrival is stopped. */
export async function bodyOf(wire: WebRequest, bytesMax: number, arrival: Arrival): Promise<Uint8Array> {
  try {
    const bytes = await wire.read(bytesMax, arrival)
    if (bytes) return bytes
  } finally {
    arrival.end()
  }
  throw new RequestRejected(413, 'body_too_large', `The body is larger than ${bytesMax} bytes.`)
}
