import { exits } from '../exits.ts'
import { fitting, preferenceOf } from '../remote/preferences.ts'
import { keep, readKept } from '../remote/stored.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl config set` */
export const configSet: Command = {
  usage: '<name> <value>',
  help: () => [
    'api-url         address of the server when you are not signed in',
    'output-format   table, plain (tab-separated columns without titles) or json',
    'default-vault   name or ID of the vault to use by default',
    '',
    'An empty value removes the setting.',
  ],
  run: async ([given, value, ...more], { env }) => {
    if (value === undefined || more.length > 0) throw new UsageError('config set takes two arguments: <name> <value>')
    const name = preferenceOf(given)
    const { [name]: _, ...others } = readKept(env, 'config') ?? {}
    keep(env, 'config', value === '' ? others : { ...others, [name]: fitting(name, value) })
    return exits.ok
  },
}
