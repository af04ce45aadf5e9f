import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Exchange } from './exchange.ts'

const poolsMax = 64
/** Servers close idle connections some seconds later than this. */
const idleMs = 15_000
const idleConnectionsMax = 32

/**
 * Kept connections, by the checked addresses. If a name now resolves to other addresses, a call does not reuse the earlier
 * connections. Idle connections do not keep the process alive.
 */
export class Pools {
  readonly #agents = new Map<string, HttpAgent>()

  agentFor({ isTls, host, port, addresses }: Pick<Exchange, 'isTls' | 'host' | 'port' | 'addresses'>): HttpAgent {
    const place = `${isTls} ${host} ${port} ${[...addresses].sort().join()}`
    const known = this.#agents.get(place)
    const agent = known ?? newAgent(isTls)
    // The most recently used connection is dropped last.
    this.#agents.delete(place)
    this.#agents.set(place, agent)
    this.#dropOldest()
    return agent
  }

  /** Running calls on the dropped connection still complete. */
  #dropOldest(): void {
    const [place, agent] = [...this.#agents][0] ?? []
    if (this.#agents.size <= poolsMax || place === undefined || !agent) return
    this.#agents.delete(place)
    for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy()
  }
}

function newAgent(isTls: boolean): HttpAgent {
  const options = { keepAlive: true, timeout: idleMs, maxFreeSockets: idleConnectionsMax } as const
  return isTls ? new HttpsAgent(options) : new HttpAgent(options)
}
