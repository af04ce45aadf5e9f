import { parseArgs } from 'node:util'
import { hsmNamed, moveKeysTo, readConfig } from '../../host/index.ts'
import { exits } from '../exits.ts'
import { counted, progress } from '../progress.ts'
import { type Command, columns, UsageError } from '../terminal.ts'

/** `pawl keys move` */
export const keysMove: Command = {
  usage: '--to <key store>',
  help: () => [
    'Key stores are named as in PAWL_HSM, which says where the keys are now:',
    ...columns([
      ['software:<path>', 'a file'],
      ['pkcs11:token=<label>?module-path=<file>&pin-source=file:<file>', 'a token'],
    ]),
    '',
    'Stop every server of the vault first. No key leaves its store: new ones are made in the new store, and what the old',
    'ones wrapped is wrapped again. Until that is done nobody can open the vault; cut off, run the same again.',
  ],
  run: async (args, terminal) => {
    const config = readConfig(terminal.env)
    const to = targetOf(args)
    const { show, end } = progress(terminal)
    const { vaults } = await moveKeysTo(config, to, (done) => show(`${counted(done, 'vault')} done`)).finally(end)
    terminal.out(`Moved: the keys of ${counted(vaults, 'vault')}, and those of the engine.`)
    terminal.out(
      'Set PAWL_HSM to the new key store. Keep the old one as long as you keep backups that were made with it.',
    )
    return exits.ok
  },
}

function targetOf(args: readonly string[]) {
  const { hsm, problem } = hsmNamed(flagOf(args))
  if (problem !== null) throw new UsageError(`--to ${problem}`)
  return hsm
}

function flagOf(args: readonly string[]): string {
  try {
    const { to } = parseArgs({ args: [...args], options: { to: { type: 'string' } }, strict: true }).values
    if (to !== undefined) return to
  } catch {
    // Said below.
  }
  throw new UsageError('keys move needs --to, and takes nothing else; pawl keys move --help says more')
}
