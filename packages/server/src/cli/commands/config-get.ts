import { exits } from '../exits.ts'
import { preferenceOf } from '../remote/preferences.ts'
import { readKept } from '../remote/stored.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl config get` */
export const configGet: Command = {
  usage: '<name>',
  help: () => [
    'Names are api-url, output-format and default-vault. Prints nothing, and ends with 1, for what is not set.',
  ],
  run: async ([given, ...more], { env, out }) => {
    if (more.length > 0) throw new UsageError('config get takes <name>')
    const value = readKept(env, 'config')?.[preferenceOf(given)]
    if (value === undefined) return exits.failed
    out(value)
    return exits.ok
  },
}
