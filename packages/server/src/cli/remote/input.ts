import type { CommandSpec, FieldSpec } from '../../derive/commands.ts'
import type { Given } from '../arguments.ts'
import { UsageError } from '../terminal.ts'
import { exampleOf } from './example.ts'
import { usageOf } from './form.ts'
import { followsFromName } from './names.ts'
import { shorthands } from './shorthands.ts'
import { nameOf, valueFrom } from './values.ts'

/** The typed values of each field, from positional arguments or flags. */
export type Typed = ReadonlyMap<string, readonly string[]>

export function typedOf(spec: CommandSpec, { flags, positionals: given, rest }: Given): Typed {
  const { command, fields, positionals } = spec
  const typed = new Map<string, readonly string[]>()
  const left = [...given, ...rest]
  for (const name of positionals) {
    const isList = fields.find((field) => field.name === name)?.type === 'list'
    const after = positionals.length - positionals.indexOf(name) - 1
    const taken = left.splice(0, isList ? Math.max(1, left.length - after) : 1)
    if (taken.length > 0) typed.set(name, taken)
  }
  const { optional } = shorthands[command] ?? {}
  if (optional !== undefined && left.length === 1) typed.set(optional, left.splice(0))
  const takesSecret = fields.some(({ isSecret }) => isSecret)
  // Other programs read standard input for it, which happens here without it.
  if (takesSecret && left[0] === '-') left.shift()
  const hasValue = takesSecret && positionals[0] === 'path' && given.some((one) => one.includes('='))
  if (left.length > 0 || hasValue) throw tooMany(spec)
  for (const { name, flag, isSecret } of fields) {
    const values = flags.get(flag)
    if (values && !isSecret && !positionals.includes(name)) typed.set(name, values)
  }
  return typed
}

/** The error does not repeat the extra argument: it may be a secret. */
function tooMany(spec: CommandSpec): UsageError {
  const { command, fields } = spec
  const takes = usageOf(spec) === '' ? 'no positional arguments' : `only ${usageOf(spec)}`
  const secrets = fields.filter(({ isSecret }) => isSecret).map(({ flag }) => flag)
  const example = exampleOf(spec)
  const such = example === '' ? '' : ` Example: pawl ${command} ${example}.`
  if (secrets.length === 0) return new UsageError(`${command} takes ${takes}.${such} Run pawl ${command} --help.`)
  return new UsageError(
    `${command} takes ${takes}. Never put the ${secrets.join(' or the ')} on a command line, where other users can see it. ` +
      'Pipe it in, or type it when asked',
  )
}

/** The input of the operation, without its secret fields. */
export function inputOf(spec: CommandSpec, typed: Typed, flags: Given['flags']): Record<string, unknown> {
  const { command, fields, positionals } = spec
  const now = Date.now()
  const input: Record<string, unknown> = {}
  for (const field of fields) {
    const given = typed.get(field.name)
    if (given) input[field.name] = valueFrom(field, nameOf(field, positionals), given, now)
  }
  shorthands[command]?.apply?.(flags, input)
  const missing = fields.filter((field) => isMissing(spec, field, input))
  if (missing.length === 0) return input
  const named = missing.map((field) => nameOf(field, positionals)).join(', ')
  const isPlaced = missing.some(({ name }) => positionals.includes(name))
  const usage = isPlaced ? `. Usage: pawl ${command} ${usageOf(spec)}` : ''
  const verb = missing.length === 1 ? 'is' : 'are'
  throw new UsageError(`${named} ${verb} missing${usage}. Run pawl ${command} --help.`)
}

/** A vault is found, so is the kind of what has a name, and a secret asked for. */
function isMissing({ positionals }: CommandSpec, { name, isRequired, isSecret }: FieldSpec, input: object): boolean {
  if (followsFromName(name)) return false
  return isRequired === true && !isSecret && !(name in input) && (name !== 'vault_id' || positionals.includes(name))
}
