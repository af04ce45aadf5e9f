import { parseArgs } from 'node:util'
import { type Config, migrateVault, readConfig, storageNamed } from '../../host/index.ts'
import { contentsOf, reported, whileShown } from '../copying.ts'
import { type Command, columns, UsageError } from '../terminal.ts'

/** `pawl migrate` */
export const migrate: Command = {
  usage: '--to <storage> | --from <storage> [--to <storage>]',
  help: () => [
    'Default for --from and --to: PAWL_STORAGE. Name a storage as in that setting:',
    ...columns([
      ['sqlite:<path>', 'a file'],
      ['postgres://<user>@<host>/<database>', 'without password (set PGPASSWORD, PGPASSFILE or PAWL_STORAGE)'],
    ]),
    '',
    'First stop every server of the vault, on every machine. Only reads the source. Does not move keys. Compares the whole',
    'copy with the source before the copy becomes a vault. If interrupted, run the same command again to continue.',
  ],
  run: async (args, terminal) => {
    const config = readConfig(terminal.env)
    const positionals = placesOf(args, config)
    const done = await whileShown(terminal, (shown) =>
      migrateVault(config, positionals, (doing, records) => shown[doing](records)),
    )
    terminal.out(`Moved: ${contentsOf(done)}.`)
    terminal.out(
      'Set PAWL_STORAGE to the new storage. The old storage is unchanged. Keep it as a backup, but never start a server on it,',
    )
    terminal.out('because that would make two independent vaults.')
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
    throw new UsageError('migrate takes only --from and --to. Run pawl migrate --help.')
  }
}

function named(flag: string, given: string) {
  // What stands on a command line is shown to everybody by the list of processes.
  if (URL.canParse(given) && new URL(given).password) {
    throw new UsageError(`${flag} must not hold a password. Set PGPASSWORD, PGPASSFILE or PAWL_STORAGE instead`)
  }
  const { storage, problem } = storageNamed(given)
  if (problem !== null) throw new UsageError(`${flag} ${problem}`)
  return storage
}
