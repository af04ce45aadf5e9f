import { formatEnv, isEnvName } from '@pawl/core/dotenv'
import { type Flag, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { connectionOf } from '../remote/connection.ts'
import { defaultPath, environmentAt } from '../remote/environment.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { writeSecretFile } from '../remote/secret-file.ts'
import { vaultFor } from '../remote/vault.ts'
import { UsageError } from '../terminal.ts'
import { prefixFlag } from './env-run.ts'

const flags: readonly Flag[] = [
  prefixFlag,
  vaultFlag,
  {
    flag: 'format',
    letter: 'f',
    takes: 'value',
    about: 'dotenv, json or shell (export lines). Default: dotenv.',
  },
  {
    flag: 'output',
    letter: 'o',
    takes: 'value',
    about: 'Write to this file, with mode 0600, instead of standard output.',
  },
  { flag: 'force', takes: 'nothing', about: 'Overwrite an existing file.' },
  urlFlag,
]

type Write = (env: Readonly<Record<string, string>>) => string

const formats: Readonly<Record<string, Write>> = {
  dotenv: formatEnv,
  json: (env) => `${JSON.stringify(env, null, 2)}\n`,
  shell: (env) =>
    Object.entries(env)
      .map(([name, value]) => `export ${shellName(name)}=${quoted(value)}\n`)
      .join(''),
}

/** `pawl env pull` */
export const envPull = command({
  flags,
  example: '--format json',
  help: () => ['pawl env run does the same for one program and writes no file.'],
  run: async ({ flags: given }, terminal) => {
    const { env, out, write = out } = terminal
    const format = formats[last(given, 'format') ?? 'dotenv']
    if (!format) throw new UsageError(`--format must be one of ${Object.keys(formats).join(', ')}`)
    const place = connectionOf(env, last(given, 'api-url'))
    const variables = await sayingWhatToDo(place, asTheyAre, async () => {
      const vaultId = await vaultFor(place, env, last(given, 'vault'))
      return environmentAt(place, vaultId, last(given, 'prefix') ?? defaultPath)
    })
    const text = format(Object.fromEntries(variables))
    const file = last(given, 'output')
    if (file === undefined || file === '-') write(text)
    else {
      writeSecretFile(file, text, given.has('force'))
      terminal.error(
        `${variables.size} variable${variables.size === 1 ? '' : 's'} in ${file}. The file is not encrypted.`,
      )
    }
    return exits.ok
  },
})

function shellName(name: string): string {
  if (!isEnvName(name)) throw new UsageError(`${name} is not a valid name of a shell variable`)
  return name
}

/** Between single quotes, a shell interprets only the closing quote. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}
