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
    // What is wrong is said at the end, where it is seen.
    readConfig(env)
    return exits.ok
  },
  help: () => columns([['PAWL_…_FILE', 'For secrets: path of a file that holds the value.']]),
})

/** What `pawl config set` has set, for this command line and no server. */
function kept(env: Environment): Readonly<Record<string, string>> {
  const preferences = readKept(env, 'config') ?? {}
  return Object.fromEntries(preferenceNames.flatMap((name) => (preferences[name] ? [[name, preferences[name]]] : [])))
}
