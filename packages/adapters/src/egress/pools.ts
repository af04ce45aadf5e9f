import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Exchange } from './exchange.ts'

const poolsMax = 64
/** A server closes what is idle for some seconds more. */
const idleMs = 15_000
const idleConnectionsMax = 32

/**
 * Connections that are kept, by the addresses that were checked: a call to a name that leads elsewhere now does not find
 * the connections of before. Idle connections keep no process alive.
 */
export class Pools {
  readonly #agents = new Map<string, HttpAgent>()

  agentFor({ isTls, host, port, addresses }: Pick<Exchange, 'isTls' | 'host' | 'port' | 'addresses'>): HttpAgent {
    const place = `${isTls} ${host} ${port} ${[...addresses].sort().join()}`
    const known = this.#agents.get(place)
    const agent = known ?? newAgent(isTls)
    // The one that was used last is the last to go.
    this.#agents.delete(place)
    this.#agents.set(place, agent)
    this.#dropOldest()
    return agent
  }

  /** Calls that are under way on it come to their end. */
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
