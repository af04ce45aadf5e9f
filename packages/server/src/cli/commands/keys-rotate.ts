import { readConfig, rotateKeys } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl keys rotate` */
export const keysRotate: Command = {
  usage: '',
  help: () => [
    'A running server rotates the keys while it works. Otherwise this command opens the vault. If interrupted, run it again.',
    'Replaces every key in the key store and destroys the old keys: the root wrapping key, the key of each vault, and',
    'the keys that sign tokens and the audit trail. Issued tokens stay valid. To replace the root key of a key file, use',
    'pawl root rotate. Make a new backup afterwards, because older backups may need keys that the token no longer holds.',
  ],
  run: async (args, terminal) => {
    if (args.length > 0) throw new UsageError('keys rotate takes no options. Run pawl keys rotate --help.')
    const { show, end } = progress(terminal)
    const { vaults } = await rotateKeys(readConfig(terminal.env), (done) =>
      show(`${counted(done, 'vault')} done`),
    ).finally(end)
    terminal.out(`Rotated the keys of ${counted(vaults, 'vault')} and of the engine. Make a new backup.`)
    return exits.ok
  },
}
