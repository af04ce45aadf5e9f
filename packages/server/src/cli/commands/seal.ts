import { askControl, ConfigError, readConfig } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'

/** `pawl seal` */
export const seal = command({
  help: () => [
    'Finishes accepted requests, then wipes every key from the server’s memory. Afterwards `pawl unseal` opens the vault',
    'if the root key is split into shares. Otherwise restart the server.',
  ],
  run: async (_, terminal) => {
    const { dataDir } = readConfig(terminal.env)
    if (!(await askControl(dataDir, 'seal'))) {
      throw new ConfigError(`No server runs on ${dataDir}, so there is nothing to seal. Set PAWL_DATA_DIR.`)
    }
    terminal.out('The vault is sealed.')
    return exits.ok
  },
})
