import { readConfig, splitRoot } from '../../host/index.ts'
import { promptsFor, shareOptions } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'
import { type Command, columns } from '../terminal.ts'

/** `pawl root split` */
export const rootSplit: Command = {
  usage: '[options]',
  help: () => [
    'For a vault that is not running. Afterwards the vault starts sealed. Shows one share at a time and asks each custodian',
    'to type it back. Nothing changes until the last custodian has done so. Then removes the old root key.',
    '',
    ...columns(shareOptions),
  ],
  run: async (args, terminal) => {
    const { shape, room } = promptsFor('root split', args, terminal)
    const { shares, threshold } = await splitRoot(readConfig(terminal.env), shape, room)
    terminal.out(
      `The root key is split into ${shares} shares. Any ${threshold} of them open the vault. The vault now starts sealed.`,
    )
    return exits.ok
  },
}
