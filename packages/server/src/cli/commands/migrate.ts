import { type Config, migrateVault, readConfig, storageNamed } from '../../host/index.ts'
import { type Given, last } from '../arguments.ts'
import { command } from '../command.ts'
import { contentsOf, reported, whileShown } from '../copying.ts'
import { columns, UsageError } from '../terminal.ts'

/** `pawl migrate` */
export const migrate = command({
  flags: [
    { flag: 'to', takes: 'value', value: 'storage', about: 'Where the vault goes. Default: PAWL_STORAGE.' },
    { flag: 'from', takes: 'value', value: 'storage', about: 'Where the vault is. Default: PAWL_STORAGE.' },
  ],
  example: '--to postgres://pawl@db.example.com/pawl',
  help: () => [
    'Needs --to, --from, or both. Name a storage as in PAWL_STORAGE:',
    ...columns([
      ['sqlite:<path>', 'a file'],
      ['postgres://<user>@<host>/<database>', 'without password (set PGPASSWORD, PGPASSFILE or PAWL_STORAGE)'],
    ]),
    '',
    'First stop every server of the vault, on every machine. Only reads the source. Does not move keys. Compares the whole',
    'copy with the source before the copy becomes a vault. If interrupted, run the same command again to continue.',
  ],
  run: async ({ flags }, terminal) => {
    const config = readConfig(terminal.env)
    const places = placesOf(flags, config)
    const done = await whileShown(terminal, (shown) =>
      migrateVault(config, places, (doing, records) => shown[doing](records)),
    )
    terminal.out(`Moved: ${contentsOf(done)}.`)
    terminal.out(
      'Set PAWL_STORAGE to the new storage. The old storage is unchanged. Keep it as a backup, but never start a server on it,',
    )
    terminal.out('because that would make two independent vaults.')
    return reported(done, terminal)
  },
})

function placesOf(flags: Given['flags'], { storage }: Config) {
  const [from, to] = [last(flags, 'from'), last(flags, 'to')]
  if (from === undefined && to === undefined) throw new UsageError('migrate needs --to, --from, or both')
  return {
    from: from === undefined ? storage : named('--from', from),
    to: to === undefined ? storage : named('--to', to),
  }
}

function named(flag: string, given: string) {
  // Every user of the machine can see a command line in the list of processes.
  if (URL.canParse(given) && new URL(given).password) {
    throw new UsageError(`${flag} must not hold a password. Set PGPASSWORD, PGPASSFILE or PAWL_STORAGE instead`)
  }
  const { storage, problem } = storageNamed(given)
  if (problem !== null) throw new UsageError(`${flag} ${problem}`)
  return storage
}
