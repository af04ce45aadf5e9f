import { readConfig, shownConfig } from '../../host/index.ts'
import { bold, type Command, columns, dim, exits } from '../terminal.ts'

/** `pawl config` */
export const config: Command = {
  summary: 'Show every setting and what it is set to, secrets hidden.',
  usage: '',
  run: async (_, terminal) => {
    const { env } = terminal
    for (const { name, value, isSet, summary } of shownConfig(env)) {
      terminal.out(`${isSet ? bold(name, terminal) : name}=${value}`)
      terminal.out(dim(`  ${summary}`, terminal))
    }
    // What is wrong is said at the end, where it is seen.
    readConfig(env)
    return exits.ok
  },
  help: () => columns([['PAWL_…_FILE', 'For secrets: the name of a file that holds the value.']]),
}
