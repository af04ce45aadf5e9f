import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { preferenceOf } from '../remote/preferences.ts'
import { readKept } from '../remote/stored.ts'

/** `pawl config get` */
export const configGet = command({
  positionals: ['<name>'],
  example: 'api-url',
  help: () => [
    'Names: api-url, output-format, default-vault. Prints nothing and exits with 1 if the setting has no value.',
  ],
  run: async ({ positionals: [given] }, { env, out }) => {
    const value = readKept(env, 'config')?.[preferenceOf(given)]
    if (value === undefined) return exits.failed
    out(value)
    return exits.ok
  },
})
