import { closeSync, fdatasync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { StorageUnusable } from '@pawl/core/ports'

// SQLite can sync its log at each commit, but then the process is blocked until the disk has it. Here a thread of Node
// waits for the disk. The promise is the same: a commit is answered when the log that holds it is on the disk.

/** Syncs the log of one open database. */
export class LogSync {
  readonly #path: string
  #file: number | null = null
  /** Every sync that is on its way. */
  running: Promise<void> | null = null
  /**
   * Set once a sync failed, for any reason. What was committed may not be on the disk, so the store reads and writes nothing
   * any more.
   */
  failed: StorageUnusable | null = null

  constructor(path: string) {
    this.#path = `${resolve(path)}-wal`
  }

  /** Resolves when everything that was committed before this call is on the disk. */
  sync(): Promise<void> {
    const synced = Promise.all([this.running, this.#run()]).then(() => {})
    this.running = synced
    const end = () => {
      if (this.running === synced) this.running = null
    }
    synced.then(end, end)
    return synced
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #run(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#open(), (error) =>
        error ? reject(this.#fail(`The disk of ${this.#path} failed`, error)) : resolve(),
      )
    })
  }

  #open(): number {
    try {
      // SQLite makes the log at the first commit and keeps the file until the database is closed.
      this.#file ??= openSync(this.#path, 'r+')
      return this.#file
    } catch (error) {
      throw this.#fail(`${this.#path} cannot be opened`, error as NodeJS.ErrnoException)
    }
  }

  #fail(what: string, { code }: NodeJS.ErrnoException): StorageUnusable {
    this.failed ??= new StorageUnusable(`${what} (${code}). Restart Pawl when the disk works. See the system log.`)
    return this.failed
  }
}
