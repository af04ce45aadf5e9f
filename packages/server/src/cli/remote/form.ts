import type { CommandSpec, FieldSpec } from '../../derive/commands.ts'
import type { Flag } from '../arguments.ts'
import { flagsShown, type HelpShape, optionsHelp } from '../command.ts'
import { explained, reflowed } from '../terminal.ts'
import { isDestructive } from './consent.ts'
import { exampleOf } from './example.ts'
import { commonFlags, keyFlag, vaultFlag } from './flags.ts'
import { followsFromName, takesName } from './names.ts'
import { shorthands } from './shorthands.ts'

/** The usage line after the words of a command. */
export function usageOf({ fields, positionals }: CommandSpec): string {
  return positionals.map((name) => connectionOf(fields.find((field) => field.name === name))).join(' ')
}

function connectionOf(field?: FieldSpec): string {
  return `<${field?.flag}>${field?.type === 'list' ? '…' : ''}`
}

/** Every flag of the command, the required ones first. */
export function flagsOf(spec: CommandSpec): Flag[] {
  const { command, fields, positionals, isIdempotent } = spec
  const example = exampleOf(spec)
  // What has a letter or is in the example is typed often.
  const rank = ({ name, flag, letter }: FieldSpec) =>
    letter || example.includes(`--${flag} `) ? 0 : followsFromName(name) ? 2 : 1
  const byUse = (a: FieldSpec, b: FieldSpec) => rank(a) - rank(b)
  const own = fields.filter(({ name }) => !positionals.includes(name)).sort(byUse)
  const idle = [...(isDestructive(spec) ? [] : ['yes']), ...(fields.some(({ isSecret }) => isSecret) ? [] : ['stdin'])]
  const common = commonFlags.filter(({ flag }) => !idle.includes(flag))
  const [needed, others] = [own.filter(isNeeded), own.filter((field) => !isNeeded(field))]
  return [
    ...needed.map(flagOf),
    ...(shorthands[command]?.flags ?? []),
    ...others.map(flagOf),
    ...(isIdempotent ? [keyFlag] : []),
    ...common,
  ]
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

/** Whether the field is required and does not follow from a name. */
function isNeeded({ name, isRequired }: FieldSpec): boolean {
  return isRequired === true && !followsFromName(name)
}

function aboutOf(field: FieldSpec): string {
  const { name, about = '', type, choices, isSecret, isRequired } = field
  if (name === 'vault_id' && isRequired) return vaultFlag.about
  if (isSecret) return 'Asked for without showing it, or read from standard input.'
  const among = choices && `${type === 'list' ? 'Any' : 'One'} of ${choices.join(', ')}.`
  return [
    about && `${about.replace(/\.$/, '')}.`,
    among,
    isNeeded(field) && 'Required.',
    takesName(name) && 'Takes a name or an ID.',
  ]
    .filter(Boolean)
    .join(' ')
}

/** The format of a value, if it is not obvious. */
const kinds: readonly (readonly [string, string])[] = [
  ['<time>', '2027-01-31, 2027-01-31T12:00:00Z, or relative to now: 12h, 30d, 6m, 1y.'],
  ['<list>', 'Comma-separated, or repeat the flag.'],
  ['<json>', `Such as '{"team":"web"}'.`],
]

export function helpOf(spec: CommandSpec, how: HelpShape): string[] {
  const asked = spec.fields.filter(({ isSecret, isRequired }) => isSecret && isRequired).map(({ flag }) => flag)
  const flags = flagsOf(spec).filter(({ flag }) => !asked.includes(flag))
  const used = kinds.filter(([kind]) => flagsShown(flags, how).some(({ value }) => kind === `<${value}>`))
  return [
    ...(asked.length > 0 ? [...reflowed([askedFor(asked)], how.width), ''] : []),
    ...optionsHelp(flags, how),
    ...(used.length > 0 ? ['', ...explained(used, how.width)] : []),
  ]
}

function askedFor(flags: readonly string[]): string {
  return `Asks for the ${flags.join(' and the ')} without showing it, or reads it from standard input.`
}
