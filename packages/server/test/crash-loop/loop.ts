import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Finding } from '@pawl/testkit/model'
import { readConfig, withAuditVerifier } from '../../src/host/index.ts'
import { type Canaries, canaries } from './canary.ts'
import { Client, Unanswered } from './client.ts'
import { Agent, Policy } from './grant-things.ts'
import { type Program, type Start, startVictim, type Victim } from './program.ts'
import { CountedSecret, CountedShare, WrittenSecret } from './secret-things.ts'
import { type Below, type Surroundings, seeded, type Thing } from './thing.ts'
import { Vault } from './vault-thing.ts'

export interface LoopOptions {
  readonly program: Program
  readonly rounds: number
  readonly seed: number
  readonly manner?: Start['manner']
}

export const workers = 12
const answersMin = 20
const answersSpread = 100
const killDelayMsMax = 6
/** A start takes about so long here; some are killed within it. */
const startMs = 400

/** Things that are worked on at a time, by kind. */
const mix: readonly [count: number, make: (surroundings: Surroundings, below: Below) => Thing][] = [
  [8, (surroundings) => new WrittenSecret(surroundings)],
  [4, (surroundings, below) => new CountedSecret(surroundings, 1 + below(12))],
  [4, (surroundings, below) => new CountedShare(surroundings, 1 + below(12))],
  [2, (surroundings) => new Policy(surroundings)],
  [2, (surroundings) => new Agent(surroundings)],
  [4, (surroundings) => new Vault(surroundings)],
]

/** One vault, what we know of it, and whoever serves it just now. */
export class Loop implements AsyncDisposable {
  readonly folder: string
  readonly client = new Client()
  readonly things: Thing[] = []
  readonly #options: LoopOptions
  readonly #below: Below
  readonly #tags = canaries()
  readonly #password = this.#tags.password()
  /** What was printed since it was last looked at. */
  #heard: Buffer[] = []

  constructor(folder: string, options: LoopOptions) {
    this.folder = folder
    this.#options = options
    this.#below = seeded(options.seed)
  }

  /** Puts the vault under load and kills it, so many times. */
  async run(): Promise<void> {
    const { rounds, seed } = this.#options
    const victim = await this.#open()
    const surroundings = await prepare(this.client, this.#password, this.#tags).finally(victim.kill)
    const slots = newSlots(this.things, surroundings, this.#below)
    for (let at = 1; at <= rounds; at++) {
      await this.#round(slots).catch((cause: unknown) => {
        const words = cause instanceof Error ? cause.message : String(cause)
        throw new Finding(`seed ${seed}, round ${at}: ${words}\n${this.#printed()}`, { cause })
      })
    }
  }

  /** Checks everything once more, and ends the vault in good order. */
  async finish(): Promise<void> {
    const victim = await this.#open()
    for (let at = 0; at < this.things.length; at += workers) {
      await Promise.all(this.things.slice(at, at + workers).map((thing) => thing.check(this.client, 'all')))
    }
    const status = await victim.stop()
    if (status !== 0) throw new Finding(`the vault ended with ${status} when it was asked to end\n${this.#printed()}`)
    await this.#lookAtDisk()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  async #round(slots: Slots): Promise<void> {
    const { manner } = this.#options
    const victim = await this.#open({ manner })
    try {
      await slots.checkTouched(this.client)
      await killUnderLoad(victim, this.client, slots, this.#below)
    } finally {
      await victim.kill()
    }
    await this.#lookAtDisk()
    // Sometimes it is killed again while it is opening.
    if (this.#below(4) === 0) await this.#start({ manner, killedAfterMs: this.#below(startMs) })
  }

  #start(more: Pick<Start, 'manner' | 'killedAfterMs'>): Promise<Victim | null> {
    const heard = (chunk: Buffer) => void this.#heard.push(chunk)
    return startVictim({
      program: this.#options.program,
      folder: this.folder,
      password: this.#password,
      heard,
      ...more,
    })
  }

  async #open(more: Pick<Start, 'manner'> = {}): Promise<Victim> {
    const victim = await this.#start(more)
    if (!victim) throw new Finding('the vault ended while it was opening')
    this.client.port = victim.port
    this.client.isDoomed = false
    return victim
  }

  async #lookAtDisk(): Promise<void> {
    const printed = this.#tags.find(Buffer.concat(this.#heard)).map((what) => `${what} was printed`)
    const found = [...printed, ...(await checkCopy(this.folder, this.#tags, this.client))]
    if (found.length > 0) throw new Finding(found.join('\n'))
    this.#heard = []
  }

  /** Without the lines that tell of requests. */
  #printed(): string {
    const lines = Buffer.concat(this.#heard).toString().split('\n')
    return lines.filter((line) => !line.includes('"msg":"request"')).join('\n')
  }
}

export async function openLoop(options: LoopOptions): Promise<Loop> {
  return new Loop(await mkdtemp(join(tmpdir(), 'pawl-crash-')), options)
}

/** The first calls: a key for the owner, who from then on never signs in again, and what the load is about. */
export async function prepare(client: Client, password: string, tags: Canaries): Promise<Surroundings> {
  const body = { email: 'owner@localhost', password }
  const { json: token } = await client.call('POST', '/v1/auth/token', { body, bearer: null, leaves: 'auth.success' })
  const bearer = token.access_token
  const wanted = { body: { name: 'load' }, bearer, expect: [201], leaves: 'api_key.create' }
  client.key = (await client.call('POST', '/v1/auth/api-keys', wanted)).json.api_key
  const asked = { body: { name: 'base' }, expect: [201] }
  const { json: vault } = await client.call('POST', '/v1/vaults', { ...asked, leaves: 'vault.create' })
  const { json: agent } = await client.call('POST', '/v1/agents', { ...asked, leaves: 'agent.register' })
  let made = 0
  return { vaultId: vault.id, agentId: agent.agent.id, name: () => `n${made++}`, value: tags.value }
}

export interface Slots {
  /** Something nobody works on. */
  take(): Thing
  giveBack(thing: Thing): void
  /** Checks what was worked on since the last time, when nobody works: then all of it is free. */
  checkTouched(client: Client): Promise<void>
}

export function newSlots(things: Thing[], surroundings: Surroundings, below: Below): Slots {
  const makers = mix.flatMap(([count, make]) => Array.from({ length: count }, () => make))
  const fill = (make: (typeof makers)[number]) => {
    const thing = make(surroundings, below)
    things.push(thing)
    return { make, thing, isTaken: false }
  }
  const slots = makers.map(fill)
  let touched = new Set<Thing>()
  return {
    take: () => {
      const free = slots.filter(({ isTaken }) => !isTaken)
      const slot = free[below(free.length)]
      if (!slot) throw new Error('there are more workers than things')
      if (slot.thing.isDone) Object.assign(slot, fill(slot.make))
      slot.isTaken = true
      touched.add(slot.thing)
      return slot.thing
    },
    giveBack: (thing) => {
      for (const slot of slots) if (slot.thing === thing) slot.isTaken = false
    },
    checkTouched: async (client) => {
      const checked = touched
      touched = new Set()
      await Promise.all([...checked].map((thing) => thing.check(client, 'newest')))
      for (const slot of slots) slot.isTaken = false
    },
  }
}

/** Kills it a moment after it answered so many calls, while others are on their way. */
async function killUnderLoad(victim: Victim, client: Client, slots: Slots, below: Below): Promise<void> {
  let left = answersMin + below(answersSpread)
  const delayMs = below(killDelayMsMax)
  let killed: Promise<void> | null = null
  const kill = async () => {
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    client.isDoomed = true
    await victim.kill()
  }
  client.onAnswer = () => {
    if (--left <= 0) killed ??= kill()
  }
  try {
    await Promise.all(Array.from({ length: workers }, () => work(client, slots, below)))
  } finally {
    client.onAnswer = () => {}
    await killed
  }
}

async function work(client: Client, slots: Slots, below: Below): Promise<void> {
  for (;;) {
    const thing = slots.take()
    try {
      await thing.step(client, below)
    } catch (error) {
      if (error instanceof Unanswered) return
      throw error
    } finally {
      slots.giveBack(thing)
    }
  }
}

/**
 * What is wrong with the files as the kill left them. A copy is looked at, because looking repairs: the next start is to
 * find the log of SQLite and the locks as they are.
 */
async function checkCopy(folder: string, tags: Canaries, { acknowledged }: Client): Promise<string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'pawl-crashed-'))
  try {
    // A socket has no bytes that could be copied.
    await cp(folder, copy, { recursive: true, filter: (path) => !path.endsWith('.sock') })
    const found = await tags.findIn(copy)
    const config = readConfig({ PAWL_DATA_DIR: copy })
    let events = 0
    await withAuditVerifier(config, async (verifier) => {
      for await (const { lane, problem, events: whole } of verifier.lanes()) {
        if (problem) found.push(`the audit lane ${lane} does not verify: ${problem}`)
        events += whole
      }
    })
    if (events < acknowledged) found.push(`${acknowledged} calls were acknowledged, and left ${events} events`)
    return found
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}
