import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Finding } from '@pawl/testkit/model'
import type { Postgres } from '../../../../tools/real-parts/postgres.ts'
import type { Canaries } from '../crash-loop/canary.ts'
import { type Client, Unanswered } from '../crash-loop/client.ts'
import { type Slots, workers } from '../crash-loop/loop.ts'
import { startVictim, type Victim } from '../crash-loop/program.ts'
import type { Below } from '../crash-loop/thing.ts'

/** From its sources, because a bundle of it would hold the driver of the database. */
const program = {
  path: fileURLToPath(new URL('member.ts', import.meta.url)),
  flags: ['--conditions=@pawl/source', '--import', 'tsx'],
}

/** Processes that serve one vault together: one database and the same keys. */
export class Engines implements AsyncDisposable {
  readonly url: string
  readonly #server: Postgres
  /** Of the keys. */
  readonly folder: string
  readonly password: string
  readonly #more: Readonly<Record<string, string>>
  readonly #running = new Map<string, Victim>()
  readonly heard: Buffer[] = []

  constructor(server: Postgres, url: string, folder: string, password: string, more: Readonly<Record<string, string>>) {
    this.#more = more
    this.#server = server
    this.url = url
    this.folder = folder
    this.password = password
  }

  get ports(): readonly number[] {
    return [...this.#running.values()].map(({ port }) => port)
  }

  /** Starts one, under a role of its own in the database, by which its connections are known. */
  async start(name: string): Promise<Victim> {
    const env = { STORAGE: await this.#urlOf(name), ...this.#more }
    const victim = await startVictim({
      program,
      folder: this.folder,
      password: this.password,
      env,
      heard: (chunk) => void this.heard.push(chunk),
    })
    if (!victim) throw new Finding(`${name} ended while it was opening`)
    this.#running.set(name, victim)
    return victim
  }

  /** Ends one as a power cut would, and waits until nothing of it is on its way in the database. */
  async kill(name: string): Promise<void> {
    const victim = this.#running.get(name)
    this.#running.delete(name)
    await victim?.kill()
    const left = `SELECT count(*) FROM pg_stat_activity WHERE usename = '${name}'`
    while ((await this.#server.sql(this.url, left)) !== '0') await new Promise((resolve) => setTimeout(resolve, 20))
  }

  /** Cuts every connection of one to the database. */
  async cut(name: string): Promise<void> {
    const all = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '${name}'`
    await this.#server.sql(this.url, all)
  }

  /** Asks all of them to end; answers how they did. */
  async stop(): Promise<(number | null)[]> {
    const all = [...this.#running.values()]
    this.#running.clear()
    return Promise.all(all.map((victim) => victim.stop()))
  }

  /** What they said, without the lines that tell of requests. */
  printed(): string {
    const lines = Buffer.concat(this.heard).toString().split('\n')
    return lines.filter((line) => !line.includes('"msg":"request"')).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map((victim) => victim.kill()))
    await rm(this.folder, { recursive: true, force: true })
  }

  async #urlOf(name: string): Promise<string> {
    const { password } = new URL(this.url)
    await this.#server.sql(
      this.url,
      `DO $$ BEGIN CREATE ROLE ${name} LOGIN PASSWORD '${password}' IN ROLE pawl; EXCEPTION WHEN duplicate_object THEN END $$`,
    )
    return Object.assign(new URL(this.url), { username: name }).href
  }
}

/** `more` is in the environment of each process. */
export async function openEngines(
  server: Postgres,
  tags: Canaries,
  more: Readonly<Record<string, string>> = {},
): Promise<Engines> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-engines-'))
  return new Engines(server, await server.newDatabase(), folder, tags.password(), more)
}

/**
 * Works on things through whichever process until so many calls were answered, and then lets something happen to one of
 * them while others are on their way. Who gets no answer ends, and keeps the thing, since nobody knows its state before
 * it was checked; all are back when it is over.
 */
export async function loadAround(
  client: Client,
  slots: Slots,
  below: Below,
  answers: number,
  happen: () => Promise<void>,
) {
  let left = answers
  let happened: Promise<void> | null = null
  let isOver = false
  const go = async () => {
    client.isDoomed = true
    await happen().finally(() => {
      isOver = true
    })
  }
  client.onAnswer = () => {
    if (--left <= 0) happened ??= go()
  }
  const work = async () => {
    while (!isOver) {
      const thing = slots.take()
      await thing.step(client, below)
      slots.giveBack(thing)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: workers }, work))
  client.onAnswer = () => {}
  await happened
  client.isDoomed = false
  for (const end of ends) if (end.status === 'rejected' && !(end.reason instanceof Unanswered)) throw end.reason
}
