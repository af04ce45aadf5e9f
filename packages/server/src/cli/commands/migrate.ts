import { parseArgs } from 'node:util'
import { type Config, migrateVault, readConfig, storageNamed } from '../../host/index.ts'
import { contentsOf, reported, whileShown } from '../copying.ts'
import { type Command, columns, UsageError } from '../terminal.ts'

/** `pawl migrate` */
export const migrate: Command = {
  usage: '--to <storage> | --from <storage> [--to <storage>]',
  help: () => [
    'The one that is not given is what PAWL_STORAGE says. Storages are named as there:',
    ...columns([
      ['sqlite:<path>', 'a file'],
      ['postgres://<user>@<host>/<database>', 'without a password: set PGPASSWORD, PGPASSFILE, or PAWL_STORAGE'],
    ]),
    '',
    'Stop every server of the vault first, on every machine. The source is only read; keys stay where they are. The copy is',
    'compared with the source to the last bit before it is a vault; cut off, run the same again and it goes on.',
  ],
  run: async (args, terminal) => {
    const config = readConfig(terminal.env)
    const positionals = placesOf(args, config)
    const done = await whileShown(terminal, (shown) =>
      migrateVault(config, positionals, (doing, records) => shown[doing](records)),
    )
    terminal.out(`Moved: ${contentsOf(done)}.`)
    terminal.out(
      'Set PAWL_STORAGE to the new one. The old one is as it was: keep it as a backup, and start nothing on it,',
    )
    terminal.out('or there are two vaults that know nothing of each other.')
    return reported(done, terminal)
  },
}

function placesOf(args: readonly string[], { storage }: Config) {
  const { from, to } = flagsOf(args)
  if (from === undefined && to === undefined) throw new UsageError('migrate needs --to, --from, or both')
  return {
    from: from === undefined ? storage : named('--from', from),
    to: to === undefined ? storage : named('--to', to),
  }
}

function flagsOf(args: readonly string[]): { from?: string | undefined; to?: string | undefined } {
  const options = { from: { type: 'string' }, to: { type: 'string' } } as const
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch {
    throw new UsageError('migrate takes --from and --to; pawl migrate --help says more')
  }
}

function named(flag: string, given: string) {
  // What stands on a command line is shown to everybody by the list of processes.
  if (URL.canParse(given) && new URL(given).password) {
    throw new UsageError(`${flag} must not hold a password; set PGPASSWORD or PGPASSFILE, or PAWL_STORAGE instead`)
  }
  const { storage, problem } = storageNamed(given)
  if (problem !== null) throw new UsageError(`${flag} ${problem}`)
  return storage
}
