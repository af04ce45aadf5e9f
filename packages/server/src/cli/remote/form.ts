import type { CommandSpec, FieldSpec } from '../../derive/commands.ts'
import type { Flag } from '../arguments.ts'
import { optionsHelp } from '../command.ts'
import { explained } from '../terminal.ts'
import { isDestructive } from './consent.ts'
import { commonFlags, keyFlag, vaultFlag } from './flags.ts'
import { shorthands } from './shorthands.ts'

/** What stands behind the words of a command, as a line. */
export function usageOf({ fields, positionals }: CommandSpec): string {
  return positionals.map((name) => connectionOf(fields.find((field) => field.name === name))).join(' ')
}

function connectionOf(field?: FieldSpec): string {
  return `<${field?.flag}>${field?.type === 'list' ? '…' : ''}`
}

/** Every flag that means something there: what is needed first. */
export function flagsOf(spec: CommandSpec): Flag[] {
  const { command, fields, positionals, isIdempotent } = spec
  const byNeed = (a: FieldSpec, b: FieldSpec) => Number(b.isRequired ?? false) - Number(a.isRequired ?? false)
  const own = fields.filter(({ name }) => !positionals.includes(name)).sort(byNeed)
  const idle = [...(isDestructive(spec) ? [] : ['yes']), ...(fields.some(({ isSecret }) => isSecret) ? [] : ['stdin'])]
  const common = commonFlags.filter(({ flag }) => !idle.includes(flag))
  return [...own.map(flagOf), ...(shorthands[command]?.flags ?? []), ...(isIdempotent ? [keyFlag] : []), ...common]
}

function flagOf(field: FieldSpec): Flag {
  const { flag, letter, type, isSecret } = field
  const takes = isSecret ? 'nothing' : type === 'boolean' ? 'truth' : 'value'
  return {
    flag,
    ...(letter ? { letter } : {}),
    ...(isSecret ? { isSecret } : {}),
    ...(type ? { value: type } : {}),
    takes,
    about: aboutOf(field),
  }
}

function aboutOf({ name, about = '', type, choices, isSecret, isRequired }: FieldSpec): string {
  if (name === 'vault_id') return vaultFlag.about
  if (isSecret) return 'Asked for without showing it, or read from standard input.'
  const among = choices && `${type === 'list' ? 'Any' : 'One'} of ${choices.join(', ')}.`
  return [about && `${about.replace(/\.$/, '')}.`, among, isRequired && 'Required.'].filter(Boolean).join(' ')
}

/** How a value is written, where that does not go without saying. */
const kinds: readonly (readonly [string, string])[] = [
  ['<time>', '2027-01-31, 2027-01-31T12:00:00Z, or relative to now: 12h, 30d, 6m, 1y.'],
  ['<list>', 'Comma-separated, or repeat the flag.'],
  ['<json>', `Such as '{"team":"web"}'.`],
]

export function helpOf(spec: CommandSpec): string[] {
  const asked = spec.fields.filter(({ isSecret, isRequired }) => isSecret && isRequired).map(({ flag }) => flag)
  const flags = flagsOf(spec).filter(({ flag }) => !asked.includes(flag))
  const used = kinds.filter(([kind]) => flags.some(({ value }) => kind === `<${value}>`))
  return [
    ...(asked.length > 0
      ? [`Asks for the ${asked.join(' and the ')} without showing it, or reads it from standard input.`, '']
      : []),
    ...optionsHelp(flags),
    ...(used.length > 0 ? ['', ...explained(used)] : []),
  ]
}
