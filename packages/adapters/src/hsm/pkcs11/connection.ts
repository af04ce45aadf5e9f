import { HsmError, type HsmFailure, type HsmStatus, type KeyType, wipe } from '@pawl/core/ports'
import { Driver } from './driver.ts'
import { readPin } from './pin.ts'
import { type CallName, type Calls, type Opening, rolesApart, TokenError } from './protocol.ts'

export interface Connecting extends Omit<Opening, 'pin' | 'isAsked'> {
  readonly pin: Uint8Array | null
  readonly pinSource: string | null
  readonly timeoutMs: number
}

type Role = NonNullable<(typeof rolesApart)[CallName]>

const attemptsMax = 3
const pauseMinMs = 100
const pauseMaxMs = 5_000

/**
 * The connection to the token. It starts the driver process when needed, logs in, and starts again when the process or the
 * login was lost. A call fails if the process dies during it. A call that only finds the token lost is retried once.
 */
export class Connection {
  readonly #given: Connecting
  #pin: Uint8Array | null
  #driver: Driver | null = null
  /** The processes that make and settle keys, which the one beside them only uses: see `rolesApart`. */
  readonly #apart = new Map<Role, Driver>()
  #state: 'usable' | 'sealed' | 'closed' = 'usable'
  /** Why the token refused the PIN. Pawl does not retry automatically: each wrong PIN brings the token nearer to its lock. */
  #refusal: TokenError | null = null
  #failures = 0
  #pausedUntil = 0
  #lastFailure = ''
  /** Opening, sealing and closing wait for each other. */
  #line: Promise<unknown> = Promise.resolve()
  /** Keys are made one after the other. */
  #making: Promise<unknown> = Promise.resolve()

  constructor(given: Connecting) {
    this.#given = given
    this.#pin = given.pin?.slice() ?? null
    if (given.pin === null && given.pinSource === null) this.#state = 'sealed'
  }

  async call<N extends CallName>(name: N, ...args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    try {
      return await this.#once(name, args).catch((error: unknown) => {
        if (!(error instanceof TokenError && error.failure === 'lost')) throw error
        return this.#once(name, args)
      })
    } catch (error) {
      throw error instanceof TokenError ? new HsmError(portFailure(error), error.message) : error
    }
  }

  async createKey(uri: string, type: KeyType): Promise<void> {
    const made = this.#making.then(async () => {
      while (!(await this.call('has', uri, type))) {
        const draftId = await this.call('draft', uri, type)
        await this.call('settle', uri, draftId)
      }
    })
    this.#making = made.catch(() => {})
    await made
  }

  async destroyKey(uri: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.call('destroyKey', uri)
      if (!(await this.call('has', uri, null))) return
      if (attempt === attemptsMax)
        throw new HsmError('unavailable', `The token did not destroy the key ${uri}. Try again.`)
      // The maker process has not seen the key, because another process made it.
      this.#apart.get('maker')?.retire()
    }
  }

  async status(): Promise<HsmStatus> {
    try {
      await this.call('check')
      return 'ok'
    } catch {
      return this.#state === 'sealed' ? 'sealed' : 'unavailable'
    }
  }

  async seal(): Promise<void> {
    await this.#inLine(async () => {
      if (this.#state === 'closed') throw this.#shut()
      this.#state = 'sealed'
      await this.#leave()
    })
  }

  /** Tries the PIN in a separate process, so a wrong one changes nothing. */
  async unseal(pin: Uint8Array): Promise<void> {
    await this.#inLine(async () => {
      if (this.#state === 'closed') throw this.#shut()
      const fresh = await this.#start(pin.slice(), true).catch((error: unknown) => {
        if (!(error instanceof TokenError)) throw error
        throw new HsmError(error.failure === 'pin_wrong' ? 'not_authentic' : portFailure(error), error.message)
      })
      this.#forgetPin()
      this.#pin = pin.slice()
      this.#refusal = null
      this.#state = 'usable'
      if (this.#driver?.isAlive) await fresh.close()
      else this.#driver = fresh
    })
  }

  async close(): Promise<void> {
    await this.#inLine(async () => {
      this.#state = 'closed'
      await this.#leave()
    })
  }

  async #once<N extends CallName>(name: N, args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    const driver = await this.#ready()
    if (this.#driver !== driver) throw this.#shut()
    const role = rolesApart[name]
    if (role) return this.#callApart(role, name, args)
    try {
      const value = await driver.call(name, ...args)
      this.#failures = 0
      return value
    } catch (error) {
      if (error instanceof TokenError && error.failure === 'lost') driver.retire()
      if (!driver.isAlive && this.#driver === driver) this.#failed(error)
      throw error
    }
  }

  /** A process is not used again after a call that failed, or after an answer of `false`: it may not see every object. */
  async #callApart<N extends CallName>(role: Role, name: N, args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    const driver = await this.#inLine(async () => {
      if (this.#state !== 'usable') throw this.#shut()
      const there = this.#apart.get(role)
      if (there?.isAlive) return there
      // The PIN has just opened the token, so it is no risk to use it again.
      const started = await this.#enter(true)
      this.#apart.set(role, started)
      return started
    })
    try {
      const value = await driver.call(name, ...args)
      if (value === false) driver.retire()
      return value
    } catch (error) {
      driver.retire()
      throw error
    }
  }

  async #ready(): Promise<Driver> {
    if (this.#driver?.isAlive) return this.#driver
    return this.#inLine(async () => {
      if (this.#state !== 'usable') throw this.#shut()
      if (this.#driver?.isAlive) return this.#driver
      if (performance.now() < this.#pausedUntil) throw new TokenError('unavailable', this.#lastFailure)
      try {
        this.#driver = await this.#enter(false)
        return this.#driver
      } catch (error) {
        this.#failed(error)
        throw error
      }
    })
  }

  async #enter(isAsked: boolean): Promise<Driver> {
    if (this.#refusal) throw this.#refusal
    try {
      return await this.#start(await this.#currentPin(), isAsked)
    } catch (error) {
      if (error instanceof TokenError && /^pin_/.test(error.failure)) this.#refusal = error
      throw error
    }
  }

  async #start(pin: Uint8Array, isAsked: boolean): Promise<Driver> {
    const { modulePath, token, wrapping, timeoutMs } = this.#given
    if (pin.length === 0) throw new TokenError('pin_wrong', 'The PIN is empty.')
    const driver = new Driver(timeoutMs)
    try {
      await driver.call('open', { modulePath, token, wrapping, pin, isAsked })
      return driver
    } catch (error) {
      driver.retire()
      throw error
    } finally {
      wipe(pin)
    }
  }

  /** A copy, for one use. The file of a PIN is read each time, so it is nowhere in between. */
  async #currentPin(): Promise<Uint8Array> {
    const { pinSource } = this.#given
    return pinSource === null ? (this.#pin?.slice() ?? new Uint8Array()) : readPin(pinSource)
  }

  /** A first failure may be chance. After the second one, no process starts for a pause, because it would fail too. */
  #failed(error: unknown): void {
    this.#driver = null
    this.#lastFailure = error instanceof Error ? error.message : String(error)
    const pauseMs = this.#failures === 0 ? 0 : Math.min(pauseMinMs * 2 ** (this.#failures - 1), pauseMaxMs)
    this.#failures++
    this.#pausedUntil = performance.now() + pauseMs
  }

  async #leave(): Promise<void> {
    const drivers = [this.#driver, ...this.#apart.values()]
    this.#driver = null
    this.#apart.clear()
    this.#forgetPin()
    await Promise.all(drivers.map((driver) => driver?.close()))
  }

  #forgetPin(): void {
    if (this.#pin) wipe(this.#pin)
    this.#pin = null
  }

  #shut(): HsmError | TokenError {
    if (this.#state === 'sealed') return new HsmError('sealed', 'The keys are sealed. Unseal them first.')
    if (this.#state === 'closed') return new HsmError('unavailable', 'The HSM was closed.')
    return new TokenError('unavailable', this.#lastFailure)
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work)
    this.#line = done.catch(() => {})
    return done
  }
}

function portFailure({ failure }: TokenError): HsmFailure {
  return failure === 'lost' || failure === 'pin_wrong' || failure === 'pin_blocked' ? 'unavailable' : failure
}
