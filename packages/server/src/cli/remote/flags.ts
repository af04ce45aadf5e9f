import { ConfigError } from '../../host/config-error.ts'
import type { Environment } from '../../host/index.ts'
import { explained } from '../terminal.ts'
import type { Flag, Given } from './arguments.ts'
import type { Format } from './show.ts'
import { readKept } from './stored.ts'

export const urlFlag: Flag = { flag: 'api-url', takes: 'value', about: 'Address of the server.' }

export const stdinFlag: Flag = {
  flag: 'stdin',
  takes: 'nothing',
  about: 'Read what is secret from the input, even from a terminal.',
}

/** What every command takes that talks to a server. */
export const commonFlags: readonly Flag[] = [
  { flag: 'json', takes: 'nothing', about: 'Print the answer as JSON, and an error too.' },
  {
    flag: 'quiet',
    letter: 'q',
    takes: 'nothing',
    about: 'Print only the first column, or the secret with nothing after it.',
  },
  { flag: 'yes', letter: 'y', takes: 'nothing', about: 'Do not ask whether it is meant.' },
  stdinFlag,
  urlFlag,
]

export const vaultFlag: Flag = {
  flag: 'vault',
  letter: 'v',
  takes: 'value',
  about: 'Name or id of the vault; the one of this folder, or the only one, unless told.',
}

export const keyFlag: Flag = {
  flag: 'idempotency-key',
  takes: 'value',
  about: 'A name of yours for this call: whatever comes with the same one within a day is made once.',
}

/** The end of the help of a command. */
export function optionsHelp(flags: readonly Flag[]): string[] {
  return ['Options:', ...explained(flags.map((one) => [typed(one), one.about]))]
}

function typed({ flag, letter, takes, value = 'value' }: Flag): string {
  const name = takes === 'truth' ? `--[no-]${flag}` : `--${flag}`
  return `${letter ? `-${letter}, ` : ''}${name}${takes === 'value' ? ` <${value}>` : ''}`
}

export const formats: readonly Format[] = ['table', 'plain', 'json']

export function formatOf(flags: Given['flags'], env: Environment): Format {
  if (flags.has('json')) return 'json'
  const chosen = readKept(env, 'config')?.['output-format'] ?? 'table'
  const format = formats.find((one) => one === chosen)
  if (!format)
    throw new ConfigError(`output-format must be one of ${formats.join(', ')}: pawl config set output-format table`)
  return format
}
