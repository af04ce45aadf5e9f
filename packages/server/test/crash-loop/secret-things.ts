import { type Client, Finding, Unanswered } from './client.ts'
import type { Below, Surroundings, Thing } from './thing.ts'

const versionsMax = 9

/** A secret that is written again and again, and deleted now and then. */
export class WrittenSecret implements Thing {
  readonly #values: string[] = []
  readonly #path: string
  readonly #url: string
  readonly #newValue: () => string
  #isDeleted = false
  /** What was asked last, while it is not known what became of it: a value to write, or null to delete. */
  #open: { readonly value: string | null } | null = null

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
    const value = this.#newValue()
    this.#open = { value }
    const { json } = await client.call('PUT', `${this.#url}/secrets/${this.#path}`, {
      body: { value },
      expect: [201],
      leaves: ({ json }) => `secret.write ${this.#path} ${json.version}`,
    })
    this.#settle()
    if (json.version !== this.#values.length) {
      throw new Finding(`${this.#path}: version ${json.version} was given where ${this.#values.length} was due`)
    }
  }

  async #delete(client: Client): Promise<void> {
    this.#open = { value: null }
    await client.call('DELETE', `${this.#url}/secrets/${this.#path}`, {
      expect: [204],
      leaves: `secret.delete ${this.#path}`,
    })
    this.#settle()
  }

  /** What was open has happened. */
  #settle(): void {
    const value = this.#open?.value
    if (typeof value === 'string') this.#values.push(value)
    this.#isDeleted = value === null
    this.#open = null
  }

  async check(client: Client, depth: 'newest' | 'all'): Promise<void> {
    const answer = await client.call('GET', `${this.#url}/secrets/${this.#path}`, { expect: [200, 404, 410] })
    const found = answer.status === 200 ? `version ${answer.json.version}, ${answer.json.value}` : `${answer.status}`
    if (found !== this.#expected()) {
      const known = this.#expected()
      if (this.#open) this.#settle()
      if (found !== this.#expected()) throw new Finding(`${this.#path}: acknowledged was ${known}, there is ${found}`)
    }
    this.#open = null
    if (answer.status !== 200) return
    await this.#checkNumbers(client)
    if (depth === 'all') await this.#checkValues(client)
  }

  #expected(): string {
    if (this.#values.length === 0) return '404'
    return this.#isDeleted ? '410' : `version ${this.#values.length}, ${this.#values.at(-1)}`
  }

  async #checkNumbers(client: Client): Promise<void> {
    const { json } = await client.call('GET', `${this.#url}/secret-versions/${this.#path}`)
    const numbers: number[] = json.versions.map(({ version }: { version: number }) => version)
    const due = this.#values.map((_, at) => this.#values.length - at)
    if (numbers.join() !== due.join()) throw new Finding(`${this.#path}: has the versions ${numbers}, not ${due}`)
  }

  async #checkValues(client: Client): Promise<void> {
    for (const [at, value] of this.#values.entries()) {
      const older = await client.call('GET', `${this.#url}/secret-version/${this.#path}/${at + 1}`)
      if (older.json.value !== value) throw new Finding(`${this.#path}: version ${at + 1} has another value`)
    }
  }
}

/** A number of reads, however they are made: each is given at most once, and none is lost but by the kill. */
abstract class LimitedReads implements Thing {
  protected readonly most: number
  #given = 0
  #unanswered = 0
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
    const reads = await Promise.allSettled(Array.from({ length: count }, () => this.read(client)))
    for (const read of reads) if (read.status === 'fulfilled' && read.value) this.#given++
    const reasons = reads.flatMap((read) => (read.status === 'rejected' ? [read.reason] : []))
    const finding = reasons.find((reason) => !(reason instanceof Unanswered))
    if (finding) throw finding
    this.#unanswered += reasons.length
    if (this.#given > this.most) throw new Finding(`${this.name}: gave ${this.#given} reads of ${this.most}`)
    const isRefused = reads.some((read) => read.status === 'fulfilled' && !read.value)
    if (isRefused && this.#given + this.#unanswered < this.most) {
      throw new Finding(`${this.name}: is used up after ${this.#given} reads of ${this.most}`)
    }
    this.#isUsedUp ||= isRefused
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
