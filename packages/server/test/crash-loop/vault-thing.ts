import { Finding, Register, ticks } from '@pawl/testkit/model'
import { type Client, changing } from './client.ts'
import type { Below, Surroundings, Thing } from './thing.ts'

/** A vault with one secret in it: it is made, gets new keys while it is in use, is deleted, and stays gone. */
export class Vault implements Thing {
  readonly #name: string
  readonly #newValue: () => string
  readonly #isThere = new Register(ticks(), false)
  readonly #value = new Register<string | null>(ticks(), null)
  #id: string | null = null
  #isFilled = false
  #isGone = false
  #keyNumber = 1
  /** Rotations that were not answered, so that they may have happened. */
  #unanswered = 0

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
    else if (!this.#isFilled || below(3) === 0) await this.#fill(client, this.#id)
    else if (below(4) === 0) await this.#delete(client, this.#id)
    else await this.#rotate(client, this.#id)
  }

  async #make(client: Client): Promise<void> {
    const { json } = await changing(this.#isThere.change(true), () =>
      client.call('POST', '/v1/vaults', {
        body: { name: this.#name },
        expect: [201],
        leaves: ({ json }) => `vault.create ${json.id}`,
      }),
    )
    this.#id = json.id
  }

  async #fill(client: Client, id: string): Promise<void> {
    const value = this.#newValue()
    await changing(this.#value.change(value), () =>
      client.call('PUT', `/v1/vaults/${id}/secrets/${this.#name}`, {
        body: { value },
        expect: [201],
        leaves: ({ json }) => `secret.write ${this.#name} ${json.version}`,
      }),
    )
    this.#isFilled = true
  }

  async #rotate(client: Client, id: string): Promise<void> {
    const path = `/v1/vaults/${id}/rotate-key`
    this.#unanswered++
    const { json } = await client.call('POST', path, { body: {}, leaves: `vault.rotate_key ${id}` })
    this.#unanswered--
    if (json.key_number <= this.#keyNumber) throw new Finding(`${this.#name}: key ${json.key_number} was made twice`)
    this.#keyNumber = json.key_number
  }

  async #delete(client: Client, id: string): Promise<void> {
    await changing(this.#isThere.change(false), () =>
      client.call('DELETE', `/v1/vaults/${id}`, { expect: [204], leaves: `vault.delete ${id}` }),
    )
    this.#isGone = true
  }

  async check(client: Client): Promise<void> {
    this.#id ??= await this.#adopted(client)
    if (this.#id === null) return this.#isThere.found(false, `whether ${this.#name} is there`)
    const { status } = await client.call('GET', `/v1/vaults/${this.#id}`, { expect: [200, 404] })
    this.#isThere.found(status === 200, `whether ${this.#name} is there`)
    this.#isGone = status === 404
    await this.#checkValue(client, this.#id)
  }

  /** A vault whose making was not answered is there under its name, or it is not. */
  async #adopted(client: Client): Promise<string | null> {
    const { json } = await client.call('GET', '/v1/vaults')
    const vaults: { id: string; name: string }[] = json.vaults
    return vaults.find(({ name }) => name === this.#name)?.id ?? null
  }

  async #checkValue(client: Client, id: string): Promise<void> {
    const expect = this.#isGone ? [404] : [200, 404]
    const { status, json } = await client.call('GET', `/v1/vaults/${id}/secrets/${this.#name}`, { expect })
    if (this.#isGone) return
    this.#value.found(status === 200 ? json.value : null, this.#name)
    this.#isFilled = status === 200
  }
}
