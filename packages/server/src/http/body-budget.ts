import { RequestRejected } from '../web/errors.ts'
import type { Arrival } from '../web/messages.ts'

/** Default of `bodiesBytesMax`. */
const bytesMaxDefault = 64 * 1024 * 1024

/** The owner of a body, from the largest group to the smallest: with or without a credential, organisation, principal. */
export type Owner = readonly string[]

interface Body {
  readonly owner: Owner
  bytes: number
  stop(error: Error): void
}

/**
 * The bytes of all bodies that are on their way, over all connections. When they are too many, the oldest body of the owner
 * with the most bytes is dropped. So a sender who stalls many bodies displaces only its own (M5).
 */
export class BodyBudget {
  readonly #bytesMax: number
  readonly #arriving = new Set<Body>()
  #bytes = 0

  constructor(bytesMax = bytesMaxDefault) {
    this.#bytesMax = bytesMax
  }

  begin(owner: Owner): Arrival {
    let tell = (_: Error) => {}
    let stopped: Error | null = null
    const stop = (error: Error) => {
      end()
      stopped = error
      tell(error)
    }
    const body: Body = { owner, bytes: 0, stop }
    this.#arriving.add(body)
    const end = () => {
      if (this.#arriving.delete(body)) this.#bytes -= body.bytes
    }
    const take = (bytes: number) => {
      if (!this.#arriving.has(body)) return
      body.bytes += bytes
      this.#bytes += bytes
      while (this.#bytes > this.#bytesMax) this.#heaviest()?.stop(tooMany())
    }
    const onStop = (listener: typeof tell) => {
      tell = listener
      if (stopped) listener(stopped)
    }
    return { take, end, stop, onStop }
  }

  /** At each level, the bodies of the owner with the most bytes; of these, the one that began first. */
  #heaviest(): Body | undefined {
    let bodies = [...this.#arriving].filter(({ bytes }) => bytes > 0)
    for (let level = 0; level < Math.max(0, ...bodies.map(({ owner }) => owner.length)); level++) {
      bodies = heaviestGroup(bodies, level)
    }
    return bodies[0]
  }
}

function heaviestGroup(bodies: readonly Body[], level: number): Body[] {
  const held = new Map<string | undefined, number>()
  for (const { owner, bytes } of bodies) held.set(owner[level], (held.get(owner[level]) ?? 0) + bytes)
  const most = Math.max(...held.values())
  const [heaviest] = [...held].find(([, bytes]) => bytes === most) ?? []
  return bodies.filter(({ owner }) => owner[level] === heaviest)
}

function tooMany(): RequestRejected {
  const detail = 'The server holds too many request bodies that are not complete. Try again.'
  return new RequestRejected(503, 'busy', detail, ['retry-after', '1'])
}
