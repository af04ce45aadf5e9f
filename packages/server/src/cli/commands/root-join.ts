import { joinRoot, readConfig } from '../../host/index.ts'
import { promptsWithoutShares } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'
import type { Command } from '../terminal.ts'

/** `pawl root join` */
export const rootJoin: Command = {
  usage: '',
  help: () => [
    'For a vault that is not running. If the root key is split into shares, asks for enough shares to open the vault. The',
    'shares are useless afterwards.',
  ],
  run: async (args, terminal) => {
    const file = await joinRoot(readConfig(terminal.env), promptsWithoutShares('root join', args, terminal))
    terminal.out(`The root key is in ${file}. Keep a copy of it, separate from the copies of the data folder.`)
    return exits.ok
  },
}
