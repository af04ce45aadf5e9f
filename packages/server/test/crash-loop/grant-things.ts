import { Finding, Register, ticks } from '@pawl/testkit/model'
import { type Client, changing } from './client.ts'
import type { Below, Surroundings, Thing } from './thing.ts'

const policiesMax = 6

/** A policy that is made, deleted, and made again. */
export class Policy implements Thing {
  readonly #url: string
  readonly #agentId: string
  readonly #newName: () => string
  readonly #isThere = new Register(ticks(), false)
  #pattern = ''
  #id: string | null = null
  #made = 0

  constructor({ vaultId, agentId, name }: Surroundings) {
    this.#url = `/v1/vaults/${vaultId}/policies`
    this.#agentId = agentId
    this.#newName = name
  }

  get isDone(): boolean {
    return this.#made >= policiesMax && this.#id === null
  }

  step(client: Client): Promise<void> {
    return this.#id === null ? this.#make(client) : this.#delete(client, this.#id)
  }

  async #make(client: Client): Promise<void> {
    this.#pattern = `granted/${this.#newName()}/*`
    this.#made++
    const principal = { principal_type: 'agent', principal_id: this.#agentId, permissions: ['read'] }
    const body = { secret_path_pattern: this.#pattern, ...principal }
    const { json } = await changing(this.#isThere.change(true), () =>
      client.call('POST', this.#url, { body, expect: [201], leaves: 'policy.create' }),
    )
    this.#id = json.id
  }

  async #delete(client: Client, id: string): Promise<void> {
    const path = `${this.#url}/${id}`
    await changing(this.#isThere.change(false), () =>
      client.call('DELETE', path, { expect: [204], leaves: `policy.delete ${id}` }),
    )
    this.#id = null
  }

  async check(client: Client): Promise<void> {
    if (this.#pattern === '') return
    const { json } = await client.call('GET', this.#url)
    const policies: { id: string; secret_path_pattern: string }[] = json.policies
    const [found, ...more] = policies.filter((policy) => policy.secret_path_pattern === this.#pattern)
    if (more.length > 0) throw new Finding(`the policy ${this.#pattern} was made once and is there twice`)
    this.#isThere.found(found !== undefined, `whether the policy ${this.#pattern} is there`)
    this.#id = found?.id ?? null
  }
}

const keysMax = 6

/** An agent whose key is rotated: its latest key opens, and no earlier one ever does again. */
export class Agent implements Thing {
  readonly #name: string
  #id: string | null = null
  readonly #keys: string[] = []
  #state: 'new' | 'ready' | 'abandoned' = 'new'
  /** Whether the latest key that we were given opens: after a rotation that was not answered, its successor may. */
  #opens = new Register(ticks(), true)

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
    const path = `/v1/agents/${this.#id}/rotate-key`
    const { json } = await changing(this.#opens.change(false), () =>
      client.call('POST', path, { body: {}, leaves: `agent.rotate_key ${this.#id}` }),
    )
    this.#keys.push(json.api_key)
    this.#opens = new Register(ticks(), true)
  }

  async check(client: Client): Promise<void> {
    if (this.#state === 'ready') await this.#checkKeys(client)
  }

  async #checkKeys(client: Client): Promise<void> {
    for (const [at, api_key] of this.#keys.entries()) {
      const isLatest = at === this.#keys.length - 1
      const { status } = await client.call('POST', '/v1/auth/agent-token', {
        body: { api_key },
        bearer: null,
        expect: isLatest ? [200, 401] : [401],
        leaves: `auth.success ${this.#id}`,
      })
      if (isLatest) this.#opens.found(status === 200, `whether the latest key of ${this.#name} opens`)
    }
  }
}
