import { joinRoot, readConfig } from '../../host/index.ts'
import { command } from '../command.ts'
import { promptsWithoutShares } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'

/** `pawl root join` */
export const rootJoin = command({
  help: () => [
    'For a vault that is not running. If the root key is split into shares, asks for enough shares to open the vault. The',
    'shares are useless afterwards.',
  ],
  run: async (_, terminal) => {
    const file = await joinRoot(readConfig(terminal.env), promptsWithoutShares(terminal))
    terminal.out(`The root key is in ${file}. Keep a copy of it, separate from the copies of the data folder.`)
    return exits.ok
  },
})
