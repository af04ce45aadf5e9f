import { Budget, Finding, Register, ticks } from '@pawl/testkit/model'
import { type Client, changing, Unanswered } from './client.ts'
import type { Below, Surroundings, Thing } from './thing.ts'

const versionsMax = 9

/** A secret that is written again and again, and deleted now and then. */
export class WrittenSecret implements Thing {
  readonly #state = new Register(ticks(), '404')
  /** What each version has, as far as it is known. */
  readonly #values: string[] = []
  /** How many versions a write after a deletion has destroyed. */
  #destroyed = 0
  /** What the next version has if the call that was not answered has made it. */
  #next = ''
  readonly #path: string
  readonly #url: string
  readonly #newValue: () => string
  #isDeleted = false

  constructor({ vaultId, name, value }: Surroundings) {
    this.#path = `written/${name()}`
    this.#url = `/v1/vaults/${vaultId}`
    this.#newValue = value
  }

  get isDone(): boolean {
    return this.#values.length >= versionsMax
  }

  async step(client: Client, below: Below): Promise<void> {
    const mayDelete = this.#values.length > 0 && !this.#isDeleted
    await (mayDelete && below(5) === 0 ? this.#delete(client) : this.#put(client))
  }

  async #put(client: Client): Promise<void> {
    const due = this.#values.length + 1
    this.#next = this.#newValue()
    const { json } = await changing(this.#state.change(`version ${due}, ${this.#next}`), () =>
      client.call('PUT', `${this.#url}/secrets/${this.#path}`, {
        body: { value: this.#next },
        expect: [201],
        leaves: ({ json }) => `secret.write ${this.#path} ${json.version}`,
      }),
    )
    if (json.version !== due) {
      throw new Finding(`${this.#path}: version ${json.version} was given where ${due} was due`)
    }
    this.#written()
  }

  /** A write after a deletion destroys the versions before it. Numbers go on. */
  #written(): void {
    if (this.#isDeleted) this.#destroyed = this.#values.length
    this.#values.push(this.#next)
    this.#isDeleted = false
  }

  async #delete(client: Client): Promise<void> {
    await changing(this.#state.change('410'), () =>
      client.call('DELETE', `${this.#url}/secrets/${this.#path}`, {
        expect: [204],
        leaves: `secret.delete ${this.#path}`,
      }),
    )
    this.#isDeleted = true
  }

  async check(client: Client, depth: 'newest' | 'all'): Promise<void> {
    const { status, json } = await client.call('GET', `${this.#url}/secrets/${this.#path}`, { expect: [200, 404, 410] })
    this.#state.found(status === 200 ? `version ${json.version}, ${json.value}` : `${status}`, this.#path)
    if (status !== 200) {
      this.#isDeleted = status === 410
      return
    }
    if (json.version > this.#values.length) this.#written()
    this.#isDeleted = false
    await this.#checkNumbers(client)
    if (depth === 'all') await this.#checkValues(client)
  }

  async #checkNumbers(client: Client): Promise<void> {
    const { json } = await client.call('GET', `${this.#url}/secret-versions/${this.#path}`)
    const numbers: number[] = json.versions.map(({ version }: { version: number }) => version)
    const due = this.#values.map((_, at) => this.#values.length - at).filter((number) => number > this.#destroyed)
    if (numbers.join() !== due.join()) throw new Finding(`${this.#path}: has the versions ${numbers}, not ${due}`)
  }

  async #checkValues(client: Client): Promise<void> {
    for (const [at, value] of this.#values.entries()) {
      if (at < this.#destroyed) continue
      const older = await client.call('GET', `${this.#url}/secret-version/${this.#path}/${at + 1}`)
      if (older.json.value !== value) throw new Finding(`${this.#path}: version ${at + 1} has another value`)
    }
  }
}

/** A number of reads, however they are made: each is given at most once, and none is lost but by the kill. */
abstract class LimitedReads implements Thing {
  protected readonly most: number
  #budget: Budget | null = null
  #isUsedUp = false
  protected state: 'new' | 'ready' | 'abandoned' = 'new'

  constructor(most: number) {
    this.most = most
  }

  get isDone(): boolean {
    return this.#isUsedUp || this.state === 'abandoned'
  }

  async step(client: Client, below: Below): Promise<void> {
    if (this.state === 'new') return this.#make(client)
    await this.#readAtOnce(client, 1 + below(3))
  }

  async #make(client: Client): Promise<void> {
    // One whose making was not answered is left alone: nobody knows its name, or how much of it there is.
    this.state = 'abandoned'
    await this.make(client)
    this.state = 'ready'
  }

  async check(client: Client): Promise<void> {
    if (this.state === 'ready') await this.#readAtOnce(client, 1)
  }

  async #readAtOnce(client: Client, count: number): Promise<void> {
    this.#budget ??= new Budget(this.name, this.most)
    const reads = await Promise.allSettled(Array.from({ length: count }, () => this.read(client)))
    const reasons = reads.flatMap((read) => (read.status === 'rejected' ? [read.reason] : []))
    const finding = reasons.find((reason) => !(reason instanceof Unanswered))
    if (finding) throw finding
    for (const _ of reasons) this.#budget.lose()
    const isGiven = reads.flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []))
    for (const _ of isGiven.filter(Boolean)) this.#budget.give()
    if (isGiven.includes(false)) this.#budget.refuse()
    this.#isUsedUp ||= isGiven.includes(false)
    if (reasons.length > 0) throw reasons[0]
  }

  protected abstract readonly name: string
  protected abstract make(client: Client): Promise<void>
  /** Whether it was given. */
  protected abstract read(client: Client): Promise<boolean>
}

/** A secret that may be read so many times. */
export class CountedSecret extends LimitedReads {
  protected readonly name: string
  readonly #url: string
  readonly #value: string

  constructor({ vaultId, name, value }: Surroundings, most: number) {
    super(most)
    this.name = `counted/${name()}`
    this.#url = `/v1/vaults/${vaultId}/secrets/${this.name}`
    this.#value = value()
  }

  protected async make(client: Client): Promise<void> {
    const body = { value: this.#value, max_access_count: this.most }
    await client.call('PUT', this.#url, { body, expect: [201], leaves: `secret.write ${this.name} 1` })
  }

  protected async read(client: Client): Promise<boolean> {
    const leaves = `secret.read ${this.name} 1`
    const { status, text } = await client.call('GET', this.#url, { expect: [200, 410], leaves })
    if (status === 200 && !text.includes(this.#value)) throw new Finding(`${this.name}: gave another value`)
    return status === 200
  }
}

/** A share by link that may be used so many times. */
export class CountedShare extends LimitedReads {
  protected readonly name: string
  readonly #vaultUrl: string
  readonly #value: string
  readonly #numbers = new Set<number>()
  #link = ''

  constructor({ vaultId, name, value }: Surroundings, most: number) {
    super(most)
    this.name = `shared/${name()}`
    this.#vaultUrl = `/v1/vaults/${vaultId}`
    this.#value = value()
  }

  protected async make(client: Client): Promise<void> {
    const body = { value: this.#value }
    const put = await client.call('PUT', `${this.#vaultUrl}/secrets/${this.name}`, { body, expect: [201] })
    const wanted = { recipient_type: 'anyone_with_link', max_access_count: this.most }
    const { json } = await client.call('POST', `/v1/secrets/${put.json.id}/share`, {
      body: wanted,
      expect: [201],
      leaves: 'share.create',
    })
    this.#link = `/v1/share/${json.id}`
  }

  protected async read(client: Client): Promise<boolean> {
    const leaves = `share.access ${this.name}`
    const answer = await client.call('GET', this.#link, { bearer: null, expect: [200, 410], leaves })
    if (answer.status === 410) return false
    const { value, access_count } = answer.json
    if (value !== this.#value) throw new Finding(`${this.name}: gave another value`)
    if (this.#numbers.has(access_count)) throw new Finding(`${this.name}: counted use ${access_count} twice`)
    this.#numbers.add(access_count)
    return true
  }
}
