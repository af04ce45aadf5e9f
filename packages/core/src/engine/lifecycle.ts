import { cannotSeal, isSealable, leaveTrace, newSeal, type Unsealed } from '../areas/seal/index.ts'
import { closed, type Engine, sealed, stopWaiting } from '../operations/index.ts'
import { type OpenEngine, openEngine, type Parts, sealedEngine } from './open-engine.ts'

/**
 * A vault is open exactly while its keys can be used. An engine runs for that time, and nothing of it outlasts the seal. The key
 * store decides, and any program can seal or open it. When the key store reports that it is sealed, the engine ends. When its
 * keys can be used again, the next call opens a new engine.
 */
export interface Lifecycle {
  /** Runs the work with the current engine. While the vault is sealed, this is the engine without records. */
  use<T>(work: (engine: Engine) => Promise<T>): Promise<T>
  /** The same, but throws `sealed` while the vault is sealed. */
  useOpen<T>(work: (engine: Engine) => Promise<T>): Promise<T>
  /** Runs due jobs and scheduled tasks. While the vault is sealed, none is due. */
  runDue(): Promise<number>
  /** Resolves when the vault is open. */
  opened(): Promise<void>
  /** Ends the wait of every call that waits for changes. */
  stopWaiting(): void
  seal(): Promise<void>
  close(): Promise<void>
}

export async function startLifecycle(parts: Omit<Parts, 'seal'>): Promise<Lifecycle> {
  const opening = new VaultLifecycle(parts)
  await opening.openUnlessSealed()
  return opening
}

class VaultLifecycle implements Lifecycle {
  readonly #parts: Parts
  readonly #sealedEngine: Engine
  readonly #forgetShares: () => void
  #open: OpenEngine | null = null
  #isClosed = false
  #isOpening: Promise<void> | null = null
  /** One engine ends before the next is opened, because they share a store. */
  #line: Promise<unknown> = Promise.resolve()
  readonly #waiting: (() => void)[] = []

  constructor(parts: Omit<Parts, 'seal'>) {
    const isOpen = () => this.#open !== null
    const seal = newSeal({ ...parts, isOpen, opened: (by) => this.#unsealed(by) })
    this.#parts = { ...parts, seal }
    this.#sealedEngine = sealedEngine(this.#parts)
    this.#forgetShares = () => seal.forget()
  }

  use<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    return this.#open ? this.#open.use(work) : this.#useOnceOpen(work)
  }

  async #useOnceOpen<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closed()
    await this.#tryToOpen()
    return this.#open ? this.#open.use(work) : work(this.#sealedEngine)
  }

  useOpen<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    return this.use(async (engine) => {
      if (engine.isSealed) throw sealed()
      return work(engine)
    })
  }

  async runDue(): Promise<number> {
    return this.#open?.runDue() ?? 0
  }

  opened(): Promise<void> {
    return this.#open ? Promise.resolve() : new Promise((resolve) => void this.#waiting.push(resolve))
  }

  openUnlessSealed(): Promise<void> {
    return this.#inLine(async () => {
      if (this.#open || this.#isClosed || (await this.#parts.hsm.status()) === 'sealed') return
      const open: OpenEngine = await openEngine(this.#parts, () => this.#foundSealed(open))
      this.#open = open
      for (const tell of this.#waiting.splice(0)) tell()
    })
  }

  stopWaiting(): void {
    if (this.#open) stopWaiting(this.#open.engine)
  }

  async seal(): Promise<void> {
    const { hsm, log } = this.#parts
    if (!isSealable(hsm)) throw cannotSeal()
    await this.#inLine(async () => {
      const open = this.#open
      if (open) {
        const failed = (error: unknown) => log('error', 'the audit event of sealing could not be stored', { error })
        await leaveTrace(open.engine, 'vault.sealed').catch(failed)
      }
      this.#open = null
      await open?.end(sealed())
      await hsm.seal()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#inLine(async () => {
      const open = this.#open
      this.#open = null
      this.#forgetShares()
      await open?.end(closed())
      await this.#parts.storage.close()
      await Promise.all([this.#parts.hsm.close(), ...[...this.#parts.keyStores.values()].map(({ hsm }) => hsm.close())])
    })
  }

  /** The log gets the reason why the vault does not open. The caller learns only that the vault is not open. */
  async #tryToOpen(): Promise<void> {
    this.#isOpening ??= this.openUnlessSealed()
      .catch((error) => this.#parts.log('error', 'the vault could not be opened', { error }))
      .finally(() => {
        this.#isOpening = null
      })
    await this.#isOpening
  }

  async #unsealed({ set, indexes, ip }: Unsealed): Promise<void> {
    await this.openUnlessSealed()
    const shares = [...indexes].sort((a, b) => a - b)
    await this.#open?.use((engine) => leaveTrace(engine, 'vault.unsealed', { set, shares }, ip))
  }

  /** Does not wait for the end, because the call that found the seal is still running. */
  #foundSealed(open: OpenEngine): void {
    if (this.#open !== open) return
    this.#open = null
    this.#inLine(() => open.end(sealed())).catch((error) =>
      this.#parts.log('error', 'an engine failed to stop cleanly', { error }),
    )
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work)
    this.#line = done.catch(() => {})
    return done
  }
}
