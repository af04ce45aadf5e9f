import { type Client, Finding } from './client.ts'
import type { Below, Surroundings, Thing } from './thing.ts'

const policiesMax = 6

/** A policy that is made, deleted, and made again. */
export class Policy implements Thing {
  readonly #url: string
  readonly #agentId: string
  readonly #newName: () => string
  #pattern = ''
  #id: string | null = null
  #made = 0
  #open: 'made' | 'deleted' | null = null

  constructor({ vaultId, agentId, name }: Surroundings) {
    this.#url = `/v1/vaults/${vaultId}/policies`
    this.#agentId = agentId
    this.#newName = name
  }

  get isDone(): boolean {
    return this.#made >= policiesMax && this.#id === null
  }

  async step(client: Client): Promise<void> {
    await (this.#id === null ? this.#make(client) : this.#delete(client, this.#id))
    this.#open = null
  }

  async #make(client: Client): Promise<void> {
    this.#pattern = `granted/${this.#newName()}/*`
    this.#open = 'made'
    this.#made++
    const principal = { principal_type: 'agent', principal_id: this.#agentId, permissions: ['read'] }
    const body = { secret_path_pattern: this.#pattern, ...principal }
    const { json } = await client.call('POST', this.#url, { body, expect: [201], leaves: 'policy.create' })
    this.#id = json.id
  }

  async #delete(client: Client, id: string): Promise<void> {
    this.#open = 'deleted'
    await client.call('DELETE', `${this.#url}/${id}`, { expect: [204], leaves: `policy.delete ${id}` })
    this.#id = null
  }

  async check(client: Client): Promise<void> {
    if (this.#pattern === '') return
    const { json } = await client.call('GET', this.#url)
    const policies: { id: string; secret_path_pattern: string }[] = json.policies
    const [found, ...more] = policies.filter((policy) => policy.secret_path_pattern === this.#pattern)
    if (more.length > 0) throw new Finding(`the policy ${this.#pattern} was made once and is there twice`)
    const isThere = found !== undefined
    if (this.#open === null && isThere !== (this.#id !== null)) {
      throw new Finding(`the policy ${this.#pattern} is ${isThere ? 'there again' : 'gone'}`)
    }
    this.#id = found?.id ?? null
    this.#open = null
  }
}

const keysMax = 6

/** An agent whose key is rotated: its latest key opens, and no earlier one ever does again. */
export class Agent implements Thing {
  readonly #name: string
  #id: string | null = null
  readonly #keys: string[] = []
  #state: 'new' | 'ready' | 'abandoned' = 'new'
  #isOpen = false

  constructor({ name }: Surroundings) {
    this.#name = `agent-${name()}`
  }

  get isDone(): boolean {
    return this.#keys.length >= keysMax || this.#state === 'abandoned'
  }

  async step(client: Client, below: Below): Promise<void> {
    if (this.#state === 'new') await this.#make(client)
    else if (below(3) === 0) await this.#checkKeys(client)
    else await this.#rotate(client)
  }

  async #make(client: Client): Promise<void> {
    this.#state = 'abandoned'
    const { json } = await client.call('POST', '/v1/agents', {
      body: { name: this.#name },
      expect: [201],
      leaves: ({ json }) => `agent.register ${json.agent.id}`,
    })
    this.#id = json.agent.id
    this.#keys.push(json.api_key)
    this.#state = 'ready'
  }

  async #rotate(client: Client): Promise<void> {
    this.#isOpen = true
    const path = `/v1/agents/${this.#id}/rotate-key`
    const { json } = await client.call('POST', path, { body: {}, leaves: `agent.rotate_key ${this.#id}` })
    this.#isOpen = false
    this.#keys.push(json.api_key)
  }

  async check(client: Client): Promise<void> {
    if (this.#state === 'ready') await this.#checkKeys(client)
  }

  /** When a rotation was not answered, the latest key may have ended and its successor is known to nobody. */
  async #checkKeys(client: Client): Promise<void> {
    for (const [at, api_key] of this.#keys.entries()) {
      const isLatest = at === this.#keys.length - 1
      const expect = isLatest ? (this.#isOpen ? [200, 401] : [200]) : [401]
      await client.call('POST', '/v1/auth/agent-token', {
        body: { api_key },
        bearer: null,
        expect,
        leaves: `auth.success ${this.#id}`,
      })
    }
  }
}
