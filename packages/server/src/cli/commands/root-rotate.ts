import { readConfig, rotateRoot } from '../../host/index.ts'
import { promptsFor, shareOptions } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'
import { type Command, columns } from '../terminal.ts'

/** `pawl root rotate` */
export const rootRotate: Command = {
  usage: '[options]',
  help: () => [
    'For a vault that is not running. Shares are asked for until there are enough, and then made anew; a new passphrase is',
    'asked for. Copies of the keys from before still open with the old root: destroy them, or keep them as well as it.',
    '',
    'For shares:',
    ...columns(shareOptions),
  ],
  run: async (args, terminal) => {
    const { shape, room } = promptsFor('root rotate', args, terminal)
    terminal.out(await rotateRoot(readConfig(terminal.env), shape, room))
    return exits.ok
  },
}
