import { HsmError, type HsmStatus, type KeyType, wipe } from '@pawl/core/ports'
import { makeFolderOf, refuseOpenFolder, UncertainError } from './disk.ts'
import {
  appendKeys,
  forgetFile,
  imageOf,
  isOurs,
  isRootOf,
  leaveFile,
  type Means,
  makeFile,
  newHeader,
  type OpenFile,
  openFile,
  placeImage,
  writeFile,
} from './file.ts'
import type { Header } from './format.ts'
import { type Key, newKey, wipeKey } from './keys.ts'
import { type Lock, lock } from './lock.ts'
import { copyOf, problemOf, type Root, rootKeyOf, spent } from './root.ts'
import { announceSecret, removeRootFile, retireRoot, secretsOf, settleSecret } from './root-file.ts'

interface Batch<T> {
  readonly asked: T
  readonly done: Promise<void>
}

/**
 * The key file, and its keys in memory. All that changes either waits in one line, so a rotation never meets a creation
 * half done.
 */
export class KeyStore {
  readonly #means: Means
  readonly #formerRoots: readonly string[]
  #root: Root
  #file: OpenFile | null = null
  #lock: Lock | null = null
  #state: 'usable' | 'sealed' | 'closed'
  /** Set when we cannot know what the disk holds: keys can be used then, but none is made or destroyed. */
  #trouble: HsmError | null = null
  #line: Promise<unknown> = Promise.resolve()
  readonly #creations = this.#gather(
    () => new Map<string, KeyType>(),
    (types) => this.#append(types),
  )
  readonly #destructions = this.#gather(
    () => new Set<string>(),
    (uris) => this.#remove(uris),
  )

  constructor(means: Means, root: Root, formerRoots: readonly string[] = []) {
    this.#means = means
    this.#formerRoots = formerRoots
    this.#root = copyOf(root)
    this.#state = 'shares' in root && root.shares === true ? 'sealed' : 'usable'
  }

  /**
   * Opens the file if it is not open yet. Only the creation of a first key makes the file. A caller that uses an existing key
   * must get the error that the file is missing, so that the operator can put it back.
   */
  async ready(purpose: 'use' | 'create' = 'use'): Promise<void> {
    if (this.#file) return
    await this.#inLine(async () => {
      if (this.#file) return
      this.#file = await this.#locked(() => this.#openOrMake(purpose === 'create'))
      this.#root = spent(this.#root)
    })
  }

  /** Call it after `ready`, and use the key before the next `await`: sealing wipes keys in place. */
  key(uri: string): Key | undefined {
    return this.#opened().keys.get(uri)
  }

  /** Makes a key unless there is one. Gives the type of the key that is there now. */
  async create(uri: string, type: KeyType): Promise<KeyType> {
    const present = this.key(uri)
    if (present) return present.type
    const { asked, done } = this.#creations()
    if (!asked.has(uri)) asked.set(uri, type)
    await done
    return asked.get(uri) ?? type
  }

  async destroy(uri: string): Promise<void> {
    const { asked, done } = this.#destructions()
    asked.add(uri)
    await done
  }

  /** Seals the keys under another secret. Default for `root`: the same kind and place. */
  async rotate(secret: Uint8Array, root?: Root): Promise<void> {
    await this.#inLine(async () => {
      const file = await this.#writable()
      const before = this.#root
      const after = root ? spent(copyOf(root)) : before
      const header = newHeader(this.#means, after)
      const problem = problemOf(header.root, secret)
      if (problem) throw new RangeError(problem)
      const rootKey = await rootKeyOf(header, secret, this.#means.crypto)
      await this.#disk(() => announceSecret(after, secret))
      await this.#rewrite(file, header, rootKey, file.keys)
      this.#root = after
      wipe(file.rootKey)
      await this.#disk(() => settleSecret(after, secret))
      await this.#disk(() => retireRoot(before, after))
    })
  }

  /** The file as it is between two changes. */
  async image(): Promise<Uint8Array> {
    return this.#inLine(async () => imageOf(this.#means, await this.#writable()))
  }

  /** Imports the keys of an image, if there are no keys yet. */
  async place(image: Uint8Array): Promise<void> {
    await this.#inLine(() => this.#locked(() => placeImage(this.#means, image)))
  }

  async seal(): Promise<void> {
    await this.#inLine(async () => {
      this.#state = 'sealed'
      await this.#forget()
    }, true)
  }

  async unseal(secret: Uint8Array): Promise<void> {
    await this.#inLine(async () => {
      if (!this.#file) this.#file = await this.#locked(() => this.#reopen(secret))
      else if (!(await isRootOf(this.#means, this.#file, secret))) {
        throw new HsmError('not_authentic', 'This secret does not open the keys.')
      }
      this.#state = 'usable'
    }, true)
  }

  async status(): Promise<HsmStatus> {
    try {
      await this.ready()
      return this.#trouble ? 'degraded' : 'ok'
    } catch (error) {
      const failure = error instanceof HsmError ? error.failure : null
      // Without a file there are no keys yet, and one can be made.
      if (failure === 'key_missing') return 'ok'
      return failure === 'sealed' ? 'sealed' : 'unavailable'
    }
  }

  async close(): Promise<void> {
    const closing = this.#line.then(async () => {
      this.#state = 'closed'
      await this.#forget()
      await this.#lock?.release()
      this.#lock = null
      if ('wrappedBy' in this.#root) await this.#root.wrappedBy.close()
    })
    this.#line = closing.catch(() => {})
    await closing
  }

  async #append(types: Map<string, KeyType>): Promise<void> {
    const file = await this.#writable()
    const fresh = new Map<string, Key>()
    for (const [uri, type] of types) {
      const present = file.keys.get(uri)
      if (present) types.set(uri, present.type)
      else fresh.set(uri, newKey(type, this.#means.random))
    }
    if (fresh.size > 0) await this.#disk(() => appendKeys(this.#means, file, fresh))
  }

  async #remove(uris: ReadonlySet<string>): Promise<void> {
    const file = await this.#writable()
    const keys = new Map(file.keys)
    for (const uri of uris) keys.delete(uri)
    if (keys.size === file.keys.size) return
    const doomed = [...uris].map((uri) => file.keys.get(uri))
    const header = { ...file.sealing.header, id: this.#means.random.bytes(16) }
    await this.#rewrite(file, header, file.rootKey, keys)
    for (const key of doomed) if (key) wipeKey(key)
  }

  async #rewrite(old: OpenFile, header: Header, rootKey: Uint8Array, keys: Map<string, Key>): Promise<void> {
    this.#file = await this.#disk(() => writeFile(this.#means, header, rootKey, keys))
    await leaveFile(old)
  }

  async #openOrMake(mayMake: boolean): Promise<OpenFile> {
    const file = await openFile(this.#means, this.#root, () => secretsOf(this.#root))
    if (!file && mayMake) return makeFile(this.#means, this.#root)
    if (!file) throw new HsmError('key_missing', `The key file ${this.#means.path} is missing. Restore it.`)
    await this.#forgetFormerRoots()
    return file
  }

  /** Opens the sealed keys again. It never makes new keys. */
  async #reopen(secret: Uint8Array): Promise<OpenFile> {
    const file = await openFile(this.#means, this.#root, async () => [secret.slice()])
    if (!file) throw new HsmError('unavailable', `The key file ${this.#means.path} does not exist.`)
    await this.#forgetFormerRoots()
    return file
  }

  /** The keys have opened under this root, so what a crash has left of others is of no use. */
  async #forgetFormerRoots(): Promise<void> {
    for (const path of this.#formerRoots) await removeRootFile(path)
  }

  /** Opens with the folder checked and the lock held; a lock that was of no use is given back. */
  async #locked<T>(open: () => Promise<T>): Promise<T> {
    const { path } = this.#means
    const before = this.#lock
    try {
      return await this.#disk(async () => {
        await makeFolderOf(path)
        await refuseOpenFolder(path)
        this.#lock ??= await lock(`${path}.lock`)
        return open()
      })
    } catch (error) {
      if (!before) await this.#lock?.release()
      this.#lock = before
      throw error
    }
  }

  async #forget(): Promise<void> {
    const file = this.#file
    this.#file = null
    this.#root = spent(this.#root)
    if (file) await forgetFile(file)
  }

  /** Collects calls while the disk is busy. They then run together, and share one flush. */
  #gather<T>(empty: () => T, work: (asked: T) => Promise<void>): () => Batch<T> {
    let waiting: Batch<T> | null = null
    return () => {
      if (waiting) return waiting
      const asked = empty()
      const done = this.#inLine(async () => {
        waiting = null
        await work(asked)
      })
      const batch = { asked, done }
      done.catch(() => {
        if (waiting === batch) waiting = null
      })
      waiting = batch
      return batch
    }
  }

  /** Runs the work after the previous work, even if that failed. The store must still be usable then. */
  #inLine<T>(work: () => Promise<T>, evenSealed = false): Promise<T> {
    const done = this.#line.then(() => {
      if (this.#state === 'closed' || (this.#state === 'sealed' && !evenSealed)) throw this.#shut()
      return work()
    })
    this.#line = done.catch(() => {})
    return done
  }

  #opened(): OpenFile {
    if (!this.#file) throw this.#shut()
    return this.#file
  }

  async #writable(): Promise<OpenFile> {
    const file = this.#opened()
    if (!this.#trouble && !((await this.#lock?.isHeld()) && (await isOurs(this.#means, file)))) {
      this.#trouble = new HsmError(
        'unavailable',
        `Another process changed ${this.#means.path}. Stop that process and restart.`,
      )
    }
    if (this.#trouble) throw this.#trouble
    return file
  }

  #shut(): HsmError {
    if (this.#state === 'sealed') return new HsmError('sealed', 'The keys are sealed. Unseal them first.')
    return new HsmError('unavailable', 'The HSM was closed.')
  }

  /** Maps errors of the disk to errors of the port. */
  async #disk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof HsmError) throw error
      const message = error instanceof Error ? error.message : String(error)
      const failure = new HsmError('unavailable', `The key file ${this.#means.path} cannot be used: ${message}`)
      if (error instanceof UncertainError) this.#trouble = failure
      throw failure
    }
  }
}
