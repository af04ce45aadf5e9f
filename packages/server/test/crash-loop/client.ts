import { type Changing, Finding, Trail } from '@pawl/testkit/model'
import { type Received, sendOverSocket } from '../transports.ts'

/** The vault was killed before it answered: what was asked of it may have happened or not. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

export interface Asked {
  readonly body?: unknown
  /** The credential that is shown; the owner's key unless it says otherwise, null for none. */
  readonly bearer?: string | null
  /** The statuses that are right; 200 unless it says otherwise. */
  readonly expect?: readonly number[]
  /** What a success leaves in the audit trail, as `tracesOf` names it. */
  readonly leaves?: string | ((answer: Received) => string)
}

/** Calls one vault, whichever process serves it just now, and keeps count of what it acknowledged. */
export class Client {
  port = 0
  /** The port of the next call, for a vault that several processes serve. */
  nextPort = () => this.port
  key = ''
  /** Whether it may stop answering. */
  isDoomed = false
  /** Successes that were answered. */
  acknowledged = 0
  readonly trail = new Trail()
  onAnswer: () => void = () => {}

  async call(method: string, path: string, asked: Asked = {}): Promise<Received> {
    const { expect = [200] } = asked
    const answer = await this.#send(method, path, asked)
    if (answer.status === 503 && this.isDoomed) throw new Unanswered()
    if (!expect.includes(answer.status)) {
      throw new Finding(`${method} ${path} answered ${answer.status} instead of ${expect.join(' or ')}: ${answer.text}`)
    }
    if (answer.status < 300) this.#count(asked, answer)
    this.onAnswer()
    return answer
  }

  async #send(method: string, path: string, { body, bearer = this.key }: Asked): Promise<Received> {
    const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    try {
      return await sendOverSocket(this.nextPort(), path, { method, headers, ...sent })
    } catch (error) {
      if (this.isDoomed) throw new Unanswered()
      throw new Finding(`${method} ${path} was not answered, and nobody had killed the vault`, { cause: error })
    }
  }

  #count({ leaves }: Asked, answer: Received): void {
    this.acknowledged++
    const trace = typeof leaves === 'function' ? leaves(answer) : leaves
    if (trace !== undefined) this.trail.acknowledged(trace)
  }
}

/** Makes a change, and notes what became of it. */
export async function changing<T>(change: Changing, call: () => Promise<T>): Promise<T> {
  try {
    const answer = await call()
    change.acknowledged()
    return answer
  } catch (error) {
    if (error instanceof Unanswered) change.unknown()
    throw error
  }
}

interface AuditEvent {
  readonly action: string
  readonly resource_id: string
  readonly details: Readonly<Record<string, unknown>>
}

/** The names an event has here: its action alone, with the thing it happened to, and with the path and version. */
export function tracesOf({ action, resource_id, details }: AuditEvent): string[] {
  const names = [action, `${action} ${resource_id}`]
  if (typeof details.path === 'string') names.push(`${action} ${details.path}`)
  if (details.version !== undefined) names.push(`${action} ${details.path} ${details.version}`)
  return names
}
