import { readConfig, rotateRoot } from '../../host/index.ts'
import { promptsFor, shareOptions } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'
import { type Command, columns } from '../terminal.ts'

/** `pawl root rotate` */
export const rootRotate: Command = {
  usage: '[options]',
  help: () => [
    'For a vault that is not running. Asks for enough shares and creates new ones, or asks for a new passphrase. Older',
    'copies of the keys still open with the old root key. Destroy these copies, or keep protecting the old root key.',
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
