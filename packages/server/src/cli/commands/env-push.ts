import { Secret } from '@pawl/core/client'
import { parseEnv } from '@pawl/core/dotenv'
import { exits } from '../exits.ts'
import { type Flag, last, readArguments } from '../remote/arguments.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { defaultPath } from '../remote/environment.ts'
import { optionsHelp, urlFlag, vaultFlag } from '../remote/flags.ts'
import { textOfFile } from '../remote/read-file.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'
import { type Command, UsageError } from '../terminal.ts'

const own: readonly Flag[] = [
  { flag: 'path', letter: 'p', takes: 'value', about: `Path of the secret. Default: ${defaultPath}.` },
  vaultFlag,
]
const flags = [...own, urlFlag]

/** `pawl env push` */
export const envPush: Command = {
  usage: '<file> [options]',
  help: () => [
    'Stores the file (or, with -, standard input) as one secret of type env_bundle. pawl env run and pawl env pull read it.',
    '',
    ...optionsHelp(flags),
  ],
  run: async (args, terminal) => {
    const { flags: given, positionals } = readArguments('env push', args, flags)
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0)
      throw new UsageError('env push takes one argument: <file>, or - for standard input')
    const text = await textOfFile(file, terminal)
    const count = Object.keys(parseEnv(text)).length
    if (count === 0) throw new UsageError(`${file} has no line of the form NAME=value`)
    const place = connectionOf(terminal.env, last(given, 'api-url'))
    const path = last(given, 'path') ?? defaultPath
    await sayingWhatToDo(place, asTheyAre, async () => {
      const vault_id = await vaultFor(place, terminal.env, last(given, 'vault'))
      return clientAt(place).secrets.put({ vault_id, path, value: Secret.of(text), type: 'env_bundle' })
    })
    terminal.out(`${count} variable${count === 1 ? '' : 's'} in ${path}.`)
    return exits.ok
  },
}
