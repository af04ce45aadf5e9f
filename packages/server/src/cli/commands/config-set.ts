import { exits } from '../exits.ts'
import { fitting, preferenceOf } from '../remote/preferences.ts'
import { keep, readKept } from '../remote/stored.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl config set` */
export const configSet: Command = {
  usage: '<name> <value>',
  help: () => [
    'api-url         address of the server, where no one is signed in',
    'output-format   table, plain (columns between tabs, no titles) or json',
    'default-vault   name or id of the vault that is used where no other is named',
    '',
    'An empty value takes the setting away.',
  ],
  run: async ([given, value, ...more], { env }) => {
    if (value === undefined || more.length > 0) throw new UsageError('config set takes <name> <value>')
    const name = preferenceOf(given)
    const { [name]: _, ...others } = readKept(env, 'config') ?? {}
    keep(env, 'config', value === '' ? others : { ...others, [name]: fitting(name, value) })
    return exits.ok
  },
}
