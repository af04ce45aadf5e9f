import { readConfig, wrapRoot } from '../../host/index.ts'
import { promptsWithoutShares } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'
import type { Command } from '../terminal.ts'

/** `pawl root wrap` */
export const rootWrap: Command = {
  usage: '',
  help: () => [
    'For a vault that is not running. From then on it opens by itself while the token is there, and not without it.',
    'Losing the token loses the vault: keep a backup of the token, or of the vault under another root.',
  ],
  run: async (args, terminal) => {
    await wrapRoot(readConfig(terminal.env), promptsWithoutShares('root wrap', args, terminal))
    terminal.out('The root key is wrapped by the token of PAWL_ROOT_HSM. Keep that setting.')
    return exits.ok
  },
}
