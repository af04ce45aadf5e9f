import { readConfig, setUpStorage } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'

/** `pawl storage setup` */
export const storageSetup = command({
  help: () => [
    'Creates the tables and functions that this version of Pawl needs in PAWL_STORAGE and that are missing. Needs no keys,',
    'and opens no vault. A server does the same at its start. Run this command if the role of the server must not create',
    'anything: before the first start, and before the first start of a new version. Running servers continue.',
  ],
  run: async (_, terminal) => {
    await setUpStorage(readConfig(terminal.env))
    terminal.out('The storage is ready for this version of Pawl.')
    return exits.ok
  },
})
