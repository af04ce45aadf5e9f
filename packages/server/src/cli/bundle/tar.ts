/** A file in an archive. */
export interface Entry {
  readonly path: string
  readonly isExecutable: boolean
  readonly data: Buffer
}

const blockBytes = 512
/** One moment for every file, so that the same files are the same archive. Not 1970, which tar finds implausible. */
const changedAt = Date.UTC(1980, 0, 1) / 1000

/**
 * The entries as a tar archive in the POSIX form (ustar), with no particular owner. Twenty lines we can read are
 * less to trust than a package, and the tar of each system writes different bytes.
 *
 * @example
 * await writeFile('one.tar', Readable.from(tar([{ path: 'hello', isExecutable: false, data: Buffer.from('world') }])))
 */
export function* tar(entries: readonly Entry[]): Generator<Buffer> {
  for (const entry of entries) {
    yield header(entry)
    yield entry.data
    yield Buffer.alloc((blockBytes - (entry.data.length % blockBytes)) % blockBytes)
  }
  yield Buffer.alloc(2 * blockBytes)
}

function header({ path, isExecutable, data }: Entry): Buffer {
  const [prefix, name] = split(path)
  const block = Buffer.alloc(blockBytes)
  const put = (offset: number, text: string) => block.write(text, offset, 'utf8')
  const octal = (offset: number, width: number, value: number) =>
    put(offset, value.toString(8).padStart(width - 1, '0'))
  put(0, name)
  octal(100, 8, isExecutable ? 0o755 : 0o644)
  octal(108, 8, 0)
  octal(116, 8, 0)
  octal(124, 12, data.length)
  octal(136, 12, changedAt)
  put(148, ' '.repeat(8))
  put(156, '0')
  put(257, 'ustar\u000000')
  put(345, prefix)
  // The sum is made with spaces in its own place.
  put(
    148,
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\u0000 `,
  )
  return block
}

/** A long path has two fields: 155 bytes up to a slash, and 100 after it. */
function split(path: string): [prefix: string, name: string] {
  const isShort = (text: string, bytes: number) => Buffer.byteLength(text) <= bytes
  if (isShort(path, 100)) return ['', path]
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    if (isShort(path.slice(0, at), 155) && isShort(path.slice(at + 1), 100))
      return [path.slice(0, at), path.slice(at + 1)]
  }
  throw new Error(`The path ${path} is too long for a tar archive.`)
}
