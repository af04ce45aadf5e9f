import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { fitting, preferenceOf } from '../remote/preferences.ts'
import { keep, readKept } from '../remote/stored.ts'

/** `pawl config set` */
export const configSet = command({
  positionals: ['<name>', '<value>'],
  example: 'default-vault prod',
  help: () => [
    'api-url         address of the server when you are not signed in',
    'output-format   table, plain (tab-separated columns without titles) or json',
    'default-vault   name or ID of the vault to use by default',
    '',
    'An empty value removes the setting.',
  ],
  run: async ({ positionals: [given, value = ''] }, { env }) => {
    const name = preferenceOf(given)
    const { [name]: _, ...others } = readKept(env, 'config') ?? {}
    keep(env, 'config', value === '' ? others : { ...others, [name]: fitting(name, value) })
    return exits.ok
  },
})
