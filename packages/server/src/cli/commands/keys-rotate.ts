import { readConfig, rotateKeys } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'

/** `pawl keys rotate` */
export const keysRotate = command({
  help: () => [
    'A running server rotates the keys while it works. Otherwise this command opens the vault. If interrupted, run it again.',
    'Replaces every key in the key store and destroys the old keys: the root wrapping key, the key of each vault, and',
    'the keys that sign tokens and the audit trail. Issued tokens stay valid. To replace the root key of a key file, use',
    'pawl root rotate. Make a new backup afterwards, because older backups may need keys that the token no longer holds.',
  ],
  run: async (_, terminal) => {
    const { show, end } = progress(terminal)
    const { vaults } = await rotateKeys(readConfig(terminal.env), (done) =>
      show(`${counted(done, 'vault')} done`),
    ).finally(end)
    terminal.out(`Rotated the keys of ${counted(vaults, 'vault')} and of the engine. Make a new backup.`)
    return exits.ok
  },
})
