import { readConfig, wrapRoot } from '../../host/index.ts'
import { command } from '../command.ts'
import { promptsWithoutShares } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'

/** `pawl root wrap` */
export const rootWrap = command({
  help: () => [
    'For a vault that is not running. Afterwards the vault opens automatically, but only while the token is available.',
    'If you lose the token, you lose the vault. Keep a backup of the token, or of the vault under another root key.',
  ],
  run: async (_, terminal) => {
    await wrapRoot(readConfig(terminal.env), promptsWithoutShares(terminal))
    terminal.out('The token in PAWL_ROOT_HSM now wraps the root key. Keep that setting.')
    return exits.ok
  },
})
