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

/** For a program in JavaScript, which no compiler checks. */
export function checkedOptions(options: SqliteOptions | undefined): SqliteOptions {
  if (typeof options?.path === 'string' && options.path !== '') return options
  throw new TypeError('sqlite: the option path is missing. Pass the path of a file: sqlite({ path: "data/vault.db" }).')
}
