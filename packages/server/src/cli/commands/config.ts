import { type Environment, readConfig, shownConfig } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { preferenceNames } from '../remote/preferences.ts'
import { readKept } from '../remote/stored.ts'
import { bold, columns, dim } from '../terminal.ts'

/** `pawl config` */
export const config = command({
  run: async (_, terminal) => {
    const { env } = terminal
    for (const { name, value, isSet, summary } of shownConfig(env)) {
      terminal.out(`${isSet ? bold(name, terminal) : name}=${value}`)
      terminal.out(dim(`  ${summary}`, terminal))
    }
    for (const [name, value] of Object.entries(kept(env))) terminal.out(`${bold(name, terminal)}=${value}`)
    // Problems are printed last, so that the operator sees them.
    readConfig(env)
    return exits.ok
  },
  help: () => columns([['PAWL_…_FILE', 'For secrets: path of a file that holds the value.']]),
})

/** The values that `pawl config set` stored. They apply to the CLI, and not to a server. */
function kept(env: Environment): Readonly<Record<string, string>> {
  const preferences = readKept(env, 'config') ?? {}
  return Object.fromEntries(preferenceNames.flatMap((name) => (preferences[name] ? [[name, preferences[name]]] : [])))
}
