import { readConfig, splitRoot } from '../../host/index.ts'
import { command } from '../command.ts'
import { promptsFor, shareFlags } from '../custodian-prompts.ts'
import { exits } from '../exits.ts'

/** `pawl root split` */
export const rootSplit = command({
  flags: shareFlags,
  help: () => [
    'For a vault that is not running. Afterwards the vault starts sealed. Shows one share at a time and asks each custodian',
    'to type it back. Nothing changes until the last custodian has done so. Then removes the old root key.',
  ],
  run: async ({ flags }, terminal) => {
    const { shape, room } = promptsFor(flags, terminal)
    const { shares, threshold } = await splitRoot(readConfig(terminal.env), shape, room)
    terminal.out(
      `The root key is split into ${shares} shares. Any ${threshold} of them open the vault. The vault now starts sealed.`,
    )
    return exits.ok
  },
})
