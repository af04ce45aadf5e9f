import type { CommandSpec, FieldSpec } from '../../commands.ts'
import type { Flag } from './arguments.ts'
import { isDestructive } from './consent.ts'
import { commonFlags, optionsHelp, vaultFlag } from './flags.ts'
import { shorthands } from './shorthands.ts'

/** What stands behind the words of a command, as a line. */
export function usageOf({ fields, places }: CommandSpec): string {
  return places.map((name) => placeOf(fields.find((field) => field.name === name))).join(' ')
}

function placeOf(field?: FieldSpec): string {
  return `<${field?.flag}>${field?.type === 'list' ? '…' : ''}`
}

/** Every flag that means something there: what is needed first. */
export function flagsOf(spec: CommandSpec): Flag[] {
  const { words, fields, places } = spec
  const byNeed = (a: FieldSpec, b: FieldSpec) => Number(b.isRequired ?? false) - Number(a.isRequired ?? false)
  const own = fields.filter(({ name }) => !places.includes(name)).sort(byNeed)
  const idle = [...(isDestructive(spec) ? [] : ['yes']), ...(fields.some(({ isSecret }) => isSecret) ? [] : ['stdin'])]
  const common = commonFlags.filter(({ flag }) => !idle.includes(flag))
  return [...own.map(flagOf), ...(shorthands[words]?.flags ?? []), ...common]
}

function flagOf(field: FieldSpec): Flag {
  const { flag, letter, type, isSecret } = field
  const takes = isSecret ? 'nothing' : type === 'boolean' ? 'truth' : 'value'
  return { flag, ...(letter ? { letter } : {}), ...(isSecret ? { isSecret } : {}), takes, about: aboutOf(field) }
}

const kinds = {
  time: 'A time such as 2027-01-31, or so far from now: 30d, 6m, 1y.',
  list: 'Several between commas, or one each time.',
  json: 'As JSON.',
  number: 'A number.',
  boolean: 'Or --no- in front.',
} as const

function aboutOf({ name, about = '', type, choices, isSecret, isRequired }: FieldSpec): string {
  if (name === 'vault_id') return vaultFlag.about
  if (isSecret) return 'Asked for unseen, or read from the input.'
  const kind = choices ? `${type === 'list' ? 'Some' : 'One'} of ${choices.join(', ')}.` : type && kinds[type]
  return [about && `${about.replace(/\.$/, '')}.`, kind, isRequired && 'Needed.'].filter(Boolean).join(' ')
}

export function helpOf(spec: CommandSpec): string[] {
  const asked = spec.fields.filter(({ isSecret, isRequired }) => isSecret && isRequired).map(({ flag }) => flag)
  const options = optionsHelp(flagsOf(spec).filter(({ flag }) => !asked.includes(flag)))
  return asked.length === 0
    ? options
    : [`The ${asked.join(' and the ')} is asked for unseen, or read from the input.`, '', ...options]
}
