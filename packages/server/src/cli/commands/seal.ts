import { askControl, ConfigError, readConfig } from '../../host/index.ts'
import { type Command, exits, UsageError } from '../terminal.ts'

/** `pawl seal` */
export const seal: Command = {
  summary: 'Seal the vault of the server that runs here: nothing can be read until it is unsealed.',
  usage: '',
  help: () => [
    'Finishes what was accepted, then wipes every key from the memory of the server. `pawl unseal` opens it again where',
    'the root key is in shares; elsewhere a restart does.',
  ],
  run: async (args, terminal) => {
    if (args.length > 0) throw new UsageError('seal takes no options; pawl seal --help says more')
    const { dataDir } = readConfig(terminal.env)
    if (!(await askControl(dataDir, 'seal'))) {
      throw new ConfigError(`No server runs on ${dataDir}, so nothing is open there. Set PAWL_DATA_DIR.`)
    }
    terminal.out('The vault is sealed.')
    return exits.ok
  },
}
