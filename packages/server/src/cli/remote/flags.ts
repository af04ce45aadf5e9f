import { ConfigError } from '../../host/config-error.ts'
import type { Environment } from '../../host/index.ts'
import { type Flag, type Given, last } from '../arguments.ts'
import { UsageError } from '../terminal.ts'
import type { Format } from './show.ts'
import { readKept } from './stored.ts'

export const urlFlag: Flag = { flag: 'api-url', takes: 'value', about: 'URL of the server.' }

export const stdinFlag: Flag = {
  flag: 'stdin',
  takes: 'nothing',
  about: 'Read secret values from standard input, even if it is a terminal.',
}

/** The flags of every command that calls a server. */
export const commonFlags: readonly Flag[] = [
  { flag: 'json', takes: 'nothing', about: 'Print the answer, or the error, as JSON.' },
  {
    flag: 'quiet',
    letter: 'q',
    takes: 'nothing',
    about: 'Print only the first column, or the secret without a newline.',
  },
  { flag: 'output', letter: 'o', takes: 'value', value: 'format', about: 'Print as table, plain (tabs) or json.' },
  { flag: 'yes', letter: 'y', takes: 'nothing', about: 'Do not ask for confirmation.' },
  stdinFlag,
  urlFlag,
]

export const vaultFlag: Flag = {
  flag: 'vault',
  letter: 'v',
  takes: 'value',
  about: 'Name or ID of the vault. Default: the linked vault, or your only vault.',
}

export const keyFlag: Flag = {
  flag: 'idempotency-key',
  takes: 'value',
  about: 'Key of your choice for this call. To retry safely, use the same key again within 24 hours.',
}

export const formats: readonly Format[] = ['table', 'plain', 'json']

export function formatOf(flags: Given['flags'], env: Environment): Format {
  if (flags.has('json')) return 'json'
  const given = last(flags, 'output')
  const chosen = given ?? readKept(env, 'config')?.['output-format'] ?? 'table'
  const format = formats.find((one) => one === chosen)
  if (!format && given !== undefined) throw new UsageError(`--output must be one of ${formats.join(', ')}`)
  if (!format)
    throw new ConfigError(
      `output-format must be one of ${formats.join(', ')}. Run: pawl config set output-format table`,
    )
  return format
}
