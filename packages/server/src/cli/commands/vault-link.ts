import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { connectionOf } from '../remote/connection.ts'
import { urlFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { keep, readKept } from '../remote/stored.ts'
import { vaultFor } from '../remote/vault.ts'
import { UsageError } from '../terminal.ts'

/** `pawl vault link` */
export const vaultLink = command({
  positionals: ['<vault>'],
  flags: [urlFlag],
  example: 'prod',
  help: () => [
    'Takes a name or an ID. Stores the link with your own settings, not in the folder. So code in the folder cannot choose',
    'where your secrets go.',
  ],
  run: async ({ flags: given, positionals: [vault = ''] }, terminal) => {
    const place = connectionOf(terminal.env, last(given, 'api-url'))
    const id = await sayingWhatToDo(place, asTheyAre, () => vaultFor(place, terminal.env, vault))
    const kept = readKept(terminal.env, 'config') ?? {}
    keep(terminal.env, 'config', { ...kept, links: { ...kept.links, [process.cwd()]: id } })
    terminal.out(`Commands in ${process.cwd()} now use the vault ${vault}.`)
    return exits.ok
  },
})

/** `pawl vault unlink` */
export const vaultUnlink = command({
  run: async (_, terminal) => {
    const kept = readKept(terminal.env, 'config') ?? {}
    const { [process.cwd()]: linked, ...links } = kept.links ?? {}
    if (linked === undefined) throw new UsageError(`no vault is linked to ${process.cwd()}`)
    keep(terminal.env, 'config', { ...kept, links })
    terminal.out(`${process.cwd()} is no longer linked to a vault.`)
    return exits.ok
  },
})
