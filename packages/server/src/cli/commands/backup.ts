import { pipeline } from 'node:stream/promises'
import { type Config, readConfig, withBackup, writeNewFile } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { counted, progress, sizeOf } from '../progress.ts'
import { type Command, type Terminal, UsageError } from '../terminal.ts'

/** `pawl backup` */
export const backup: Command = {
  usage: '<file>',
  help: () => [
    'The file is new, for its owner alone, and from one moment. With - it goes to the standard output.',
    'A server that runs on the data folder makes it itself; a vault that is not running is opened for it.',
    'What opens it is not in it: keep that elsewhere. pawl restore puts it back.',
  ],
  run: async (args, terminal) => {
    const [file, ...more] = args
    if (file === undefined || more.length > 0) throw new UsageError('backup takes the name of a file, or -')
    if (file === '-' && process.stdout.isTTY) throw new UsageError('a backup is no text: give a file, or a pipe')
    const config = readConfig(terminal.env)
    const { bytes, records } = await write(config, file, terminal)
    const say = file === '-' ? terminal.error : terminal.out
    say(`${counted(records, 'record')}, ${sizeOf(bytes)}${file === '-' ? '' : ` in ${file}`}.`)
    say(`To restore it you also need ${secretOf(config)}: keep a copy elsewhere.`)
    return exits.ok
  },
}

async function write(config: Config, file: string, terminal: Terminal): Promise<{ bytes: number; records: number }> {
  const shown = progress(terminal)
  try {
    return await withBackup(config, async (stream) => {
      const seen = { bytes: 0 }
      const bytes = counting(stoppable(stream.bytes, terminal), seen, () => shown.show(sizeOf(seen.bytes)))
      if (file === '-') await pipeline(bytes, process.stdout, { end: false })
      else await writeNewFile(file, bytes)
      return { bytes: seen.bytes, records: stream.summary().records }
    })
  } finally {
    shown.end()
  }
}

async function* counting(bytes: AsyncIterable<Uint8Array>, seen: { bytes: number }, tell: () => void) {
  for await (const piece of bytes) {
    seen.bytes += piece.length
    tell()
    yield piece
  }
}

/** Somebody who stops it is not left with half a file. */
async function* stoppable(bytes: AsyncIterable<Uint8Array>, terminal: Terminal): AsyncGenerator<Uint8Array> {
  let isStopped = false
  void terminal.stopped().then(() => {
    isStopped = true
  })
  for await (const piece of bytes) {
    if (isStopped) throw new Error('The backup was stopped; nothing was kept.')
    yield piece
  }
}

function secretOf({ rootKey, rootPassphrase, rootKeyFile, dataDir }: Config): string {
  if (rootPassphrase !== null) return 'the passphrase'
  if (rootKey) return 'the root key'
  return `the root key (${rootKeyFile ?? `${dataDir}/root.key`}) or its shares`
}
