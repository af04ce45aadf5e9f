import { exits } from '../exits.ts'
import { last, readArguments } from '../remote/arguments.ts'
import { connectionOf } from '../remote/connection.ts'
import { commonFlags, formatOf } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { show, showQuietly } from '../remote/show.ts'
import { identityAt } from '../remote/who.ts'
import { type Command, UsageError } from '../terminal.ts'

/** `pawl whoami` */
export const whoami: Command = {
  usage: '[--json] [--quiet] [--api-url <value>]',
  help: () => [
    'Asks the server, so it also checks that the credential is still valid. With --quiet, prints only the name.',
  ],
  run: async (args, terminal) => {
    const { flags, positionals } = readArguments('whoami', args, commonFlags)
    if (positionals.length > 0) throw new UsageError('whoami takes no positional arguments')
    const place = connectionOf(terminal.env, last(flags, 'api-url'))
    const identity = await sayingWhatToDo(place, asTheyAre, () => identityAt(place))
    const spec = { columns: ['name', 'kind', 'role', 'id', 'org', 'server'] }
    const shown = { ...identity, server: place.url }
    if (flags.has('quiet')) showQuietly(shown, spec, terminal)
    else show(shown, spec, formatOf(flags, terminal.env), terminal)
    return exits.ok
  },
}
