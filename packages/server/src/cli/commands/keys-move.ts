import { hsmNamed, moveKeysTo, readConfig } from '../../host/index.ts'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'
import { columns, UsageError } from '../terminal.ts'

/** `pawl keys move` */
export const keysMove = command({
  flags: [{ flag: 'to', takes: 'value', value: 'key store', isRequired: true, about: 'The new key store.' }],
  example: '--to software:/srv/pawl/keys',
  help: () => [
    'Name the new key store as in PAWL_HSM, which names the current one:',
    ...columns([
      ['software:<path>', 'a file'],
      ['pkcs11:token=<label>?module-path=<file>&pin-source=file:<file>', 'a token'],
    ]),
    '',
    'Stop every server of the vault first. Keys never leave their store: Pawl creates new keys in the new store and',
    're-wraps the data keys. The vault cannot open until this is complete. If interrupted, run the same command again.',
  ],
  run: async ({ flags }, terminal) => {
    const config = readConfig(terminal.env)
    const to = targetOf(last(flags, 'to') ?? '')
    const { show, end } = progress(terminal)
    const { vaults } = await moveKeysTo(config, to, (done) => show(`${counted(done, 'vault')} done`)).finally(end)
    terminal.out(`Moved the keys of ${counted(vaults, 'vault')} and of the engine.`)
    terminal.out('Set PAWL_HSM to the new key store. Keep the old one as long as you keep backups made with it.')
    return exits.ok
  },
})

function targetOf(given: string) {
  const { hsm, problem } = hsmNamed(given)
  if (problem !== null) throw new UsageError(`--to ${problem}`)
  return hsm
}
