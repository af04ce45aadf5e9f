import { readConfig, splitRoot } from '../../host/index.ts'
import { promptsFor, shareOptions } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'
import { type Command, columns } from '../terminal.ts'

/** `pawl root split` */
export const rootSplit: Command = {
  usage: '[options]',
  help: () => [
    'For a vault that is not running. From then on it starts sealed. Shows one share at a time, and asks each custodian to',
    'type theirs back; until the last has done so, nothing has changed. The old root key is removed at the end.',
    '',
    ...columns(shareOptions),
  ],
  run: async (args, terminal) => {
    const { shape, room } = promptsFor('root split', args, terminal)
    const { shares, threshold } = await splitRoot(readConfig(terminal.env), shape, room)
    terminal.out(`The root key is in ${shares} shares; any ${threshold} of them open the vault. It starts sealed now.`)
    return exits.ok
  },
}
