import { exits } from '../exits.ts'
import { preferenceOf } from '../remote/preferences.ts'
import { readKept } from '../remote/stored.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl config get` */
export const configGet: Command = {
  usage: '<name>',
  help: () => [
    'Names: api-url, output-format, default-vault. Prints nothing and exits with 1 if the setting has no value.',
  ],
  run: async ([given, ...more], { env, out }) => {
    if (more.length > 0) throw new UsageError('config get takes one argument: <name>')
    const value = readKept(env, 'config')?.[preferenceOf(given)]
    if (value === undefined) return exits.failed
    out(value)
    return exits.ok
  },
}
