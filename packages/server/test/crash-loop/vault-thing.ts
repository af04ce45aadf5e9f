import { type Client, Finding } from './client.ts'
import type { Below, Surroundings, Thing } from './thing.ts'

type Step = 'make' | 'fill' | 'rotate' | 'delete'

/** A vault with one secret in it: it is made, gets new keys while it is in use, is deleted, and stays gone. */
export class Vault implements Thing {
  readonly #name: string
  readonly #newValue: () => string
  #id: string | null = null
  #value: string | null = null
  #keyNumber = 1
  /** Rotations that may have happened. */
  #unanswered = 0
  #isGone = false
  #open: { readonly step: Step; readonly value?: string } | null = null

  constructor({ name, value }: Surroundings) {
    this.#name = `vault-${name()}`
    this.#newValue = value
  }

  get isDone(): boolean {
    return this.#isGone
  }

  /** Of a vault that is gone, its id and the highest number that a key of it can have had. */
  get remains(): { readonly id: string; readonly keyNumberMax: number } | null {
    return this.#isGone && this.#id !== null ? { id: this.#id, keyNumberMax: this.#keyNumber + this.#unanswered } : null
  }

  async step(client: Client, below: Below): Promise<void> {
    if (this.#id === null) await this.#make(client)
    else if (this.#value === null || below(3) === 0) await this.#fill(client, this.#id)
    else if (below(4) === 0) await this.#delete(client, this.#id)
    else await this.#rotate(client, this.#id)
    this.#open = null
  }

  async #make(client: Client): Promise<void> {
    this.#open = { step: 'make' }
    const { json } = await client.call('POST', '/v1/vaults', {
      body: { name: this.#name },
      expect: [201],
      leaves: ({ json }) => `vault.create ${json.id}`,
    })
    this.#id = json.id
  }

  async #fill(client: Client, id: string): Promise<void> {
    const value = this.#newValue()
    this.#open = { step: 'fill', value }
    await client.call('PUT', `/v1/vaults/${id}/secrets/${this.#name}`, {
      body: { value },
      expect: [201],
      leaves: ({ json }) => `secret.write ${this.#name} ${json.version}`,
    })
    this.#value = value
  }

  async #rotate(client: Client, id: string): Promise<void> {
    this.#open = { step: 'rotate' }
    const path = `/v1/vaults/${id}/rotate-key`
    const { json } = await client.call('POST', path, { body: {}, leaves: `vault.rotate_key ${id}` })
    if (json.key_number <= this.#keyNumber) throw new Finding(`${this.#name}: key ${json.key_number} was made twice`)
    this.#keyNumber = json.key_number
  }

  async #delete(client: Client, id: string): Promise<void> {
    this.#open = { step: 'delete' }
    await client.call('DELETE', `/v1/vaults/${id}`, { expect: [204], leaves: `vault.delete ${id}` })
    this.#isGone = true
  }

  async check(client: Client): Promise<void> {
    const open = this.#open
    this.#open = null
    if (open?.step === 'make') await this.#adopt(client)
    if (this.#id === null) return
    const mayBeGone = open?.step === 'delete'
    const expect = this.#isGone ? [404] : mayBeGone ? [200, 404] : [200]
    const { status } = await client.call('GET', `/v1/vaults/${this.#id}`, { expect })
    this.#isGone = status === 404
    if (open?.step === 'rotate') this.#unanswered++
    await this.#checkValue(client, open?.value)
  }

  /** A vault whose making was not answered is there under its name, or it is not. */
  async #adopt(client: Client): Promise<void> {
    const { json } = await client.call('GET', '/v1/vaults')
    const vaults: { id: string; name: string }[] = json.vaults
    this.#id = vaults.find(({ name }) => name === this.#name)?.id ?? null
  }

  async #checkValue(client: Client, open: string | undefined): Promise<void> {
    const expect = this.#isGone ? [404] : [200, 404]
    const answer = await client.call('GET', `/v1/vaults/${this.#id}/secrets/${this.#name}`, { expect })
    const found: string | null = answer.status === 200 ? answer.json.value : null
    if (this.#isGone) return
    if (found !== this.#value && (open === undefined || found !== open)) {
      throw new Finding(`${this.#name}: acknowledged was ${this.#value}, there is ${found}`)
    }
    this.#value = found
  }
}
