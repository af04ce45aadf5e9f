import { PawlError } from '@pawl/core/client'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { commonFlags, formatOf, vaultFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { show } from '../remote/show.ts'
import { vaultFor } from '../remote/vault.ts'

/** `pawl secret describe` */
export const secretDescribe = command({
  positionals: ['<path>'],
  flags: [vaultFlag, ...commonFlags],
  example: 'db/password',
  help: () => ['Uses the list of the vault, so it does not count as a read of the secret.'],
  run: async ({ flags: given, positionals: [path = ''] }, terminal) => {
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
})
