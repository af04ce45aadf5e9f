import type { CommandSpec, FieldSpec } from '../../derive/commands.ts'
import { followsFromName } from './names.ts'

/** Sample values by the name of the field. */
const samples: Readonly<Record<string, string>> = {
  agent_id: 'bot',
  agent_ids: 'bot,ci',
  binding: 'payments',
  binding_id: 'payments',
  cidr: '203.0.113.0/24',
  config: `'{"base_url":"https://api.example.com"}'`,
  email: 'ada@example.com',
  invitation_id: 'ada@example.com',
  key: 'cors_origins',
  key_id: 'deploy',
  params: `'{"path":"/charges"}'`,
  path: 'db/password',
  permissions: 'read',
  principal_id: 'bot',
  secret_path: 'db/password',
  secret_path_pattern: `'db/*'`,
  text: 'hello',
  user_id: 'ada@example.com',
  vault_id: 'prod',
  version: '1',
}

/** Sample names by the noun of the command. */
const names: Readonly<Record<string, string>> = {
  agent: 'bot',
  vault: 'prod',
  binding: 'payments',
  'api-key': 'deploy',
}

/** The optional flags that users add most often. */
const additions: Readonly<Record<string, string>> = {
  'agent create': `--vault-ids prod --scopes 'db/**' --expires 30d`,
  'agent update': '--active false',
  'audit list': '--action secret.read --from -1d',
  'secret get': '--quiet',
  'secret list': '--prefix db/',
  'secret rotate': '--length 40',
  'secret set': '< password.txt',
  'share create': '--to bot --expires 1d',
}

/** The part of the example after the name of the command: required fields, and the flags that users add most often. */
export function exampleOf({ command, fields, positionals }: CommandSpec): string {
  const needed = fields.filter(
    ({ name, isRequired, isSecret }) =>
      isRequired && !isSecret && name !== 'vault_id' && !followsFromName(name) && !positionals.includes(name),
  )
  const noun = command.split(' ')[0] ?? ''
  const placed = positionals.flatMap((name) => fields.find((field) => field.name === name) ?? [])
  return [
    ...placed.map((field) => sampleOf(field, noun)),
    ...needed.map((field) => `--${field.flag} ${sampleOf(field, noun)}`),
    additions[command] ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** A field without a sample has choices, or is an ID, which the example shows as a variable. */
function sampleOf({ name, flag, type, choices }: FieldSpec, noun: string): string {
  const known = name === 'name' ? names[noun] : samples[name]
  if (known !== undefined) return known
  return choices?.[0] ?? (type === 'number' ? '1' : `"$${flag.toUpperCase().replaceAll('-', '_')}"`)
}
