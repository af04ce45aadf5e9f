import { readConfig, rotateRoot } from '../../host/index.ts'
import { command } from '../command.ts'
import { promptsFor, shareFlags } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'

/** `pawl root rotate` */
export const rootRotate = command({
  flags: shareFlags,
  help: () => [
    'For a vault that is not running. Asks for enough shares and creates new ones, or asks for a new passphrase. Older',
    'copies of the keys still open with the old root key. Destroy these copies, or keep protecting the old root key.',
    'The options are for shares.',
  ],
  run: async ({ flags }, terminal) => {
    const { shape, room } = promptsFor(flags, terminal)
    terminal.out(await rotateRoot(readConfig(terminal.env), shape, room))
    return exits.ok
  },
})
