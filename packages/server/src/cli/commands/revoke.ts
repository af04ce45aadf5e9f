import { PawlError, type PawlHttpClient } from '@pawl/core/client'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { nameReferences } from '../remote/names.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'

type Policy = Awaited<ReturnType<PawlHttpClient['policies']['list']>>['policies'][number]

/** `pawl revoke` */
export const revoke = command({
  positionals: ['<who>', '[permissions]', '<path>'],
  example: "bot read 'db/*'",
  flags: [vaultFlag, urlFlag],
  help: () => [
    'Takes back what pawl grant gave: these permissions, or all of them. The path is the pattern of the grant.',
    'Policies that deny stay.',
  ],
  run: async ({ flags, positionals }, terminal) => {
    const [who = '', pattern = ''] = [positionals[0], positionals.at(-1)]
    const taken = positionals.length > 2 ? positionals.slice(1, -1).flatMap((one) => one.split(',')) : null
    const place = connectionOf(terminal.env, last(flags, 'api-url'))
    const lines = await sayingWhatToDo(place, asTheyAre, async () => {
      const vault_id = await vaultFor(place, terminal.env, last(flags, 'vault'))
      const input: Record<string, unknown> = { principal_id: who }
      await nameReferences(input, place)
      const { policies } = clientAt(place)
      const grants = (await policies.list({ vault_id })).policies.filter(
        ({ principal_id, effect }) => principal_id === input.principal_id && effect !== 'deny',
      )
      const meant = grants.filter((one) => one.secret_path_pattern === pattern && hasAny(one, taken))
      if (meant.length === 0) throw noGrant(who, grants)
      const said: string[] = []
      for (const one of meant) said.push(await takeBack(policies, vault_id, one, taken))
      return said
    })
    for (const line of lines) terminal.out(line)
    return exits.ok
  },
})

function hasAny({ permissions }: Policy, taken: readonly string[] | null): boolean {
  return taken === null || permissions.some((one) => taken.includes(one))
}

async function takeBack(
  policies: PawlHttpClient['policies'],
  vault_id: string,
  { id, permissions, secret_path_pattern: pattern }: Policy,
  taken: readonly string[] | null,
): Promise<string> {
  const left = permissions.filter((one) => taken !== null && !taken.includes(one))
  if (left.length > 0) await policies.update({ vault_id, policy_id: id, permissions: left })
  else await policies.delete({ vault_id, policy_id: id })
  const gone = permissions.filter((one) => !left.includes(one))
  return `Revoked ${gone.join(', ')} on ${pattern}.${left.length > 0 ? ` Left: ${left.join(', ')}.` : ''}`
}

function noGrant(who: string, grants: readonly Policy[]): PawlError {
  const has = grants.map(({ permissions, secret_path_pattern: pattern }) => `${permissions.join(',')} ${pattern}`)
  const held = has.length > 0 ? ` Grants of ${who}: ${has.join('; ')}.` : ''
  return new PawlError('not_found', 'policy_not_found', `${who} has no such grant in this vault.${held}`, undefined)
}
