import { RequestRejected } from '../web/errors.ts'

/** Default of `bodiesBytesMax`. */
const bytesMaxDefault = 64 * 1024 * 1024

/** A body that is on its way. */
export interface ArrivingBody {
  /** Counts bytes that arrived. */
  take(bytes: number): void
  /** It is complete, or it is not read any more. */
  end(): void
}

/**
 * The bytes of all bodies that are on their way, over all connections. When they are too many, the body that began first
 * gives way: a body that stalls is older than one that arrives (M5).
 */
export class BodyBudget {
  readonly #bytesMax: number
  readonly #arriving = new Set<{ bytes: number; refuse(error: Error): void }>()
  #bytes = 0

  constructor(bytesMax = bytesMaxDefault) {
    this.#bytesMax = bytesMax
  }

  begin(refuse: (error: Error) => void): ArrivingBody {
    const body = { bytes: 0, refuse }
    this.#arriving.add(body)
    const end = () => {
      if (this.#arriving.delete(body)) this.#bytes -= body.bytes
    }
    const take = (bytes: number) => {
      if (!this.#arriving.has(body)) return
      body.bytes += bytes
      this.#bytes += bytes
      this.#makeRoom()
    }
    return { take, end }
  }

  #makeRoom(): void {
    while (this.#bytes > this.#bytesMax) {
      const [oldest] = this.#arriving
      if (!oldest) return
      this.#arriving.delete(oldest)
      this.#bytes -= oldest.bytes
      oldest.refuse(tooMany())
    }
  }
}

function tooMany(): RequestRejected {
  const detail = 'The server holds too many request bodies that are not complete. Try again.'
  return new RequestRejected(503, 'busy', detail, ['retry-after', '1'])
}
