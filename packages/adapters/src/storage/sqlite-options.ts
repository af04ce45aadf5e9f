// Apart from the rest, so that the types of a program that opens a store need none of the driver's.

export interface SqliteOptions {
  /** The database file. It and its folder are made when missing, for their owner alone. For memory: `memoryStorage`. */
  readonly path: string
  /**
   * Whether opening checks the structure of the whole file, at about half a second a gigabyte. 'auto', the default,
   * checks small files always and big ones after a crash. Reading a damaged part is an error in any case, and bodies
   * are sealed, so what an unchecked file can do is fail later.
   */
  readonly check?: IntegrityCheck
}

export type IntegrityCheck = 'auto' | 'always' | 'never'
