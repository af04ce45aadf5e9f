import type { CommandSpec } from '../../derive/commands.ts'
import type { Command } from '../command.ts'
import { ownCommands } from '../manifest.ts'
import { derived } from '../remote/derived.ts'

/** `pawl grant`: creates a policy from everyday words. A repeated grant stores nothing. */
export function grant(): Command {
  const policy = ownCommands().find(({ operation }) => operation === 'policies.create') as CommandSpec
  const fields = policy.fields
    .filter(({ name }) => name !== 'if_absent')
    .map((field) => (field.name === 'principal_id' ? { ...field, flag: 'who' } : field))
  const positionals = ['principal_id', 'permissions', 'secret_path_pattern']
  return derived({ ...policy, command: 'grant', fields, positionals })
}
