import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { connectionOf } from '../remote/connection.ts'
import { commonFlags, formatOf } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { show, showQuietly } from '../remote/show.ts'
import { identityAt } from '../remote/who.ts'

/** `pawl whoami` */
export const whoami = command({
  flags: commonFlags,
  help: () => [
    'Asks the server, so it also checks that the credential is still valid. With --quiet, prints only the name.',
  ],
  run: async ({ flags }, terminal) => {
    const place = connectionOf(terminal.env, last(flags, 'api-url'))
    const identity = await sayingWhatToDo(place, asTheyAre, () => identityAt(place))
    const spec = { columns: ['name', 'kind', 'role', 'id', 'org', 'server'] }
    const shown = { ...identity, server: place.url }
    if (flags.has('quiet')) showQuietly(shown, spec, terminal)
    else show(shown, spec, formatOf(flags, terminal.env), terminal)
    return exits.ok
  },
})
