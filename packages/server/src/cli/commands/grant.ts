import type { CommandSpec } from '../../derive/commands.ts'
import type { Command } from '../command.ts'
import { ownCommands } from '../manifest.ts'
import { derived } from '../remote/derived.ts'

/** `pawl grant`: a policy, in the words in which people ask for one. */
export function grant(): Command {
  const [policy] = ownCommands().filter(({ operation }) => operation === 'policies.create')
  const positionals = ['principal_id', 'permissions', 'secret_path_pattern']
  return derived({ ...(policy as CommandSpec), command: 'grant', positionals })
}
