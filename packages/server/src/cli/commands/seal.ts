import { askControl, ConfigError, readConfig } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl seal` */
export const seal: Command = {
  usage: '',
  help: () => [
    'Finishes accepted requests, then wipes every key from the server’s memory. Afterwards `pawl unseal` opens the vault',
    'if the root key is split into shares. Otherwise restart the server.',
  ],
  run: async (args, terminal) => {
    if (args.length > 0) throw new UsageError('seal takes no options. Run pawl seal --help.')
    const { dataDir } = readConfig(terminal.env)
    if (!(await askControl(dataDir, 'seal'))) {
      throw new ConfigError(`No server runs on ${dataDir}, so there is nothing to seal. Set PAWL_DATA_DIR.`)
    }
    terminal.out('The vault is sealed.')
    return exits.ok
  },
}
