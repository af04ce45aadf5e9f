import { readConfig, rotateKeys } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl keys rotate` */
export const keysRotate: Command = {
  usage: '',
  help: () => [
    'A server that runs here does it while it works; otherwise the vault must be stopped. Cut off, run it again.',
    'Every key in the key store is replaced, and the old ones are destroyed: the one at the root, that of each vault, and',
    'those that sign tokens and the audit trail. Tokens that are out stay good. The root of a key file is another matter:',
    'pawl root rotate. Make a new backup afterwards: those of before need keys that a token no longer has.',
  ],
  run: async (args, terminal) => {
    if (args.length > 0) throw new UsageError('keys rotate takes no options; pawl keys rotate --help says more')
    const { show, end } = progress(terminal)
    const { vaults } = await rotateKeys(readConfig(terminal.env), (done) =>
      show(`${counted(done, 'vault')} done`),
    ).finally(end)
    terminal.out(`Every key is a new one: of ${counted(vaults, 'vault')}, and those of the engine. Make a new backup.`)
    return exits.ok
  },
}
