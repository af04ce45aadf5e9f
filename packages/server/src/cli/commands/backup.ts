import { pipeline } from 'node:stream/promises'
import { type Config, readConfig, withBackup, writeNewFile } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { counted, progress, sizeOf } from '../progress.ts'
import { type Terminal, UsageError } from '../terminal.ts'

/** `pawl backup` */
export const backup = command({
  positionals: ['<file>'],
  example: 'vault.backup',
  help: () => [
    'Creates a new file with mode 0600, with the state at one moment. With -, writes to standard output.',
    'If a server runs on the data folder, the server makes the backup. Otherwise this command opens the vault.',
    'The backup does not contain the root key. Keep that elsewhere. pawl restore restores the backup.',
  ],
  run: async ({ positionals: [file = ''] }, terminal) => {
    if (file === '-' && process.stdout.isTTY)
      throw new UsageError('a backup is binary. Give a file name, or pipe the output')
    const config = readConfig(terminal.env)
    const { bytes, records } = await write(config, file, terminal)
    const say = file === '-' ? terminal.error : terminal.out
    say(`${counted(records, 'record')}, ${sizeOf(bytes)}${file === '-' ? '' : ` in ${file}`}.`)
    say(whatElse(config))
    return exits.ok
  },
})

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

/** Throws when the operator stops the backup, so that no partial file stays. */
async function* stoppable(bytes: AsyncIterable<Uint8Array>, terminal: Terminal): AsyncGenerator<Uint8Array> {
  let isStopped = false
  void terminal.stopped().then(() => {
    isStopped = true
  })
  for await (const piece of bytes) {
    if (isStopped) throw new Error('The backup was stopped. No file was kept.')
    yield piece
  }
}

function whatElse(config: Config): string {
  if (config.hsm?.kind === 'pkcs11') {
    return 'To restore it, you also need the token, which holds the keys. Back the token up with the tools of its vendor.'
  }
  return `To restore it, you also need ${secretOf(config)}. Keep a copy elsewhere.`
}

function secretOf({ rootKey, rootPassphrase, rootKeyFile, dataDir }: Config): string {
  if (rootPassphrase !== null) return 'the passphrase'
  if (rootKey) return 'the root key'
  return `the root key (${rootKeyFile ?? `${dataDir}/root.key`}) or its shares`
}
