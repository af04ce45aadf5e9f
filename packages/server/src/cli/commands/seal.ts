import { askControl, ConfigError, readConfig } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl seal` */
export const seal: Command = {
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
