import { Secret } from '@pawl/core/client'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { defaultPath } from '../remote/environment.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { envOf } from '../remote/imported.ts'
import { textOfFile } from '../remote/read-file.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'
import { UsageError } from '../terminal.ts'

/** `pawl env push` */
export const envPush = command({
  positionals: ['<file>'],
  flags: [
    { flag: 'path', letter: 'p', takes: 'value', about: `Path of the secret. Default: ${defaultPath}.` },
    vaultFlag,
    urlFlag,
  ],
  example: '.env',
  help: () => [
    'Stores the file (or, with -, standard input) as one secret of type env_bundle. pawl env run and pawl env pull read it.',
  ],
  run: async ({ flags: given, positionals: [file = ''] }, terminal) => {
    const text = await textOfFile(file, terminal)
    const count = Object.keys(envOf(text, file, terminal)).length
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
})
