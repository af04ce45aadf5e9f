import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Answer, type CallName, type Calls, TokenError } from './protocol.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** One driver process, from its start to its end. After any error it is not used again. */
export class Driver {
  readonly #timeoutMs: number
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #timer: NodeJS.Timeout | undefined
  #end: string | null = null

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
    this.#child = start()
    this.#child.on('message', (answer: Answer) => this.#hear(answer))
    this.#child.on('error', () => this.#die('The PKCS#11 driver process could not be started.'))
    this.#child.on('exit', () => this.#die('The PKCS#11 driver process stopped during a call.'))
    this.#rest()
  }

  get isAlive(): boolean {
    return this.#end === null
  }

  call<N extends CallName>(name: N, ...args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    return new Promise((resolve, reject) => {
      if (this.#end !== null) return reject(new TokenError('unavailable', this.#end))
      const id = ++this.#lastId
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      if (this.#waiting.size === 1) this.#watch()
      // A channel that is closed has an end that follows.
      this.#child.send({ id, name, args }, () => {})
    })
  }

  /** Lets the process finish its calls, log out and end. */
  async close(): Promise<void> {
    const closed = this.call('close').catch(() => {})
    this.#end ??= 'The HSM was closed.'
    await closed
    this.#die(this.#end)
  }

  /** Accepts no more calls, and ends when the waiting calls have their answers. */
  retire(): void {
    this.#end ??= 'The token was lost.'
    if (this.#waiting.size === 0) this.#die(this.#end)
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (this.#waiting.size > 0) this.#watch()
    else if (this.#end === null) this.#rest()
    else this.#die(this.#end)
    if ('failure' in answer) waiting?.reject(new TokenError(answer.failure, answer.message))
    else waiting?.resolve(answer.value)
  }

  /** Calls wait in one queue, so the timeout applies to the next answer, for any call. */
  #watch(): void {
    clearTimeout(this.#timer)
    const late = `The token did not answer within ${this.#timeoutMs} ms, so Pawl stopped its driver.`
    this.#timer = setTimeout(() => this.#die(late), this.#timeoutMs)
    this.#child.ref()
    this.#child.channel?.ref()
  }

  /** No call is pending, so the child does not keep the parent process alive. */
  #rest(): void {
    clearTimeout(this.#timer)
    this.#child.unref()
    this.#child.channel?.unref()
  }

  #die(why: string): void {
    this.#end ??= why
    this.#rest()
    this.#child.kill('SIGKILL')
    for (const { reject } of this.#waiting.values()) reject(new TokenError('unavailable', why))
    this.#waiting.clear()
  }
}

function start(): ChildProcess {
  const [path, ...execArgv] = import.meta.url.endsWith('.ts') ? sourceProgram() : [beside('child.js')]
  return fork(path, [], {
    serialization: 'advanced',
    // Modules may print anything, and the standard output belongs to the vault.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv,
    env: withoutSettings(process.env),
  })
}

/** In a checkout, what runs our sources runs them here too; a run of the tests has made one file of them before. */
function sourceProgram(): [path: string, ...execArgv: string[]] {
  const { PAWL_TEST_PKCS11_CHILD: bundled } = process.env
  if (bundled) return [bundled]
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return [beside('child.ts'), '--conditions=@pawl/source', '--import', tsx]
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** Removes Pawl's settings, which may be secrets: others can read an environment. Settings of the module have other names. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PAWL_/i.test(name)))
}
