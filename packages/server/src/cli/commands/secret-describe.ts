import { PawlError } from '@pawl/core/client'
import { exits } from '../exits.ts'
import { type Flag, last, readArguments } from '../remote/arguments.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { commonFlags, formatOf, vaultFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { show } from '../remote/show.ts'
import { vaultFor } from '../remote/vault.ts'
import { type Command, UsageError } from '../terminal.ts'

const flags: readonly Flag[] = [vaultFlag, ...commonFlags]

/** `pawl secret describe` */
export const secretDescribe: Command = {
  usage: '<path> [--vault <value>] [--json]',
  help: () => ['Uses the list of the vault, so it does not count as a read of the secret.'],
  run: async (args, terminal) => {
    const { positionals, flags: given } = readArguments('secret describe', args, flags)
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0) throw new UsageError('secret describe takes <path>')
    const place = connectionOf(terminal.env, last(given, 'api-url'))
    const found = await sayingWhatToDo(place, asTheyAre, async () => {
      const vault_id = await vaultFor(place, terminal.env, last(given, 'vault'))
      const { secrets } = await clientAt(place).secrets.list({ vault_id, prefix: path })
      return secrets.find((secret) => secret.path === path)
    })
    if (!found)
      throw new PawlError(
        'not_found',
        'secret_not_found',
        'No secret that you may read exists at this path.',
        undefined,
      )
    show(found, {}, formatOf(given, terminal.env), terminal)
    return exits.ok
  },
}
