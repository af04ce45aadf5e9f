import type { CommandSpec, FieldSpec } from '../../commands.ts'
import { exits } from '../exits.ts'
import { type Command, type Terminal, UsageError } from '../terminal.ts'
import { type Flag, type Given, last, readArguments } from './arguments.ts'
import { isDestructive, sureOf } from './consent.ts'
import { commonFlags, formatOf, optionsHelp, vaultFlag } from './flags.ts'
import { callAt, type Place, placeOf } from './place.ts'
import { sayingWhatToDo } from './refusals.ts'
import { secretValues } from './secret-values.ts'
import { shorthands } from './shorthands.ts'
import { show, showQuietly } from './show.ts'
import { nameOf, valueFrom } from './values.ts'
import { vaultFor } from './vault.ts'

/** An operation, as somebody types it. */
export function derived(spec: CommandSpec): Command {
  const { words, fields, places } = spec
  const flags = flagsOf(spec)
  return {
    usage: `${places.map((name) => usageOf(spec, name)).join(' ')} [options]`.trimStart(),
    help: () => helpOf(spec, flags),
    run: async (args, terminal) => {
      const given = readArguments(words, args, flags)
      const typed = typedOf(spec, given)
      const input = valuesOf(spec, typed)
      shorthands[words]?.apply(given.flags, input)
      requireAll(spec, input, typed)
      const format = formatOf(given.flags, terminal.env)
      const place = placeOf(terminal.env, last(given.flags, 'api-url'))
      const answer = await sayingWhatToDo(
        place,
        (name) => called(spec, name),
        async () => {
          await nameVaults(fields, input, place, terminal)
          if (isDestructive(spec)) await sureOf(spec, typed, given.flags.has('yes'), terminal)
          await addSecrets(spec, given, input, terminal)
          return callAt(place, spec.operation, spec.route, input)
        },
      )
      if (given.flags.has('quiet')) showQuietly(answer, spec, terminal)
      else show(answer, spec, format, terminal)
      return exits.ok
    },
  }
}

type Typed = ReadonlyMap<string, readonly string[]>

function usageOf({ fields }: CommandSpec, name: string): string {
  const field = fields.find((one) => one.name === name)
  return `<${field?.flag ?? name}>${field?.type === 'list' ? '…' : ''}`
}

/** Everything that may stand behind the words: what is needed first, and nothing that would mean nothing. */
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
  return { flag, ...(letter ? { letter } : {}), takes, about: aboutField(field) }
}

function aboutField({ name, about = '', type, choices, isSecret, isRequired }: FieldSpec): string {
  if (name === 'vault_id') return vaultFlag.about
  const kinds = {
    time: 'A time such as 2027-01-31, or so far from now: 30d, 6m, 1y.',
    list: 'Several between commas, or one each time.',
    json: 'As JSON.',
    number: 'A number.',
    boolean: 'Or --no- in front.',
  }
  const among = choices ? `${type === 'list' ? 'Some' : 'One'} of ${choices.join(', ')}.` : ''
  const kind = among || (type ? kinds[type] : '')
  const said = [about && `${about.replace(/\.$/, '')}.`, isSecret ? 'Asked for, or read from the input.' : kind]
  return [...said, isRequired && !isSecret ? 'Needed.' : ''].filter(Boolean).join(' ')
}

function helpOf({ fields }: CommandSpec, flags: readonly Flag[]): string[] {
  const asked = fields.filter(({ isSecret, isRequired }) => isSecret && isRequired).map(({ flag }) => flag)
  const input =
    asked.length > 0 ? [`The ${asked.join(' and the ')} is asked for unseen, or read from the input.`, ''] : []
  return [...input, ...optionsHelp(flags)]
}

/** What was typed for each field, by its place or by its flag. */
function typedOf({ words, fields, places }: CommandSpec, { flags, places: given, rest }: Given): Typed {
  const typed = new Map<string, readonly string[]>()
  const left = [...given, ...rest]
  for (const name of places) {
    const isLast = name === places.at(-1)
    const isList = fields.find((field) => field.name === name)?.type === 'list'
    const taken = isLast && isList ? left.splice(0) : left.splice(0, 1)
    if (taken.length > 0) typed.set(name, taken)
  }
  if (left.length > 0) throw tooMany(words, places, fields)
  for (const { name, flag, isSecret } of fields) {
    const values = flags.get(flag)
    if (values && !isSecret && !places.includes(name)) typed.set(name, values)
  }
  return typed
}

function tooMany(words: string, places: readonly string[], fields: readonly FieldSpec[]): UsageError {
  const takes = places.length === 0 ? 'nothing' : `only ${places.map((name) => `<${name}>`).join(' ')}`
  const secret = fields.find(({ isSecret }) => isSecret)
  const why = `: the ${secret?.flag} never stands in a command line, where others see it; pipe it in, or type it when asked`
  return new UsageError(`${words} takes ${takes} by place${secret ? why : `; pawl ${words} --help says more`}`)
}

function valuesOf({ fields, places }: CommandSpec, typed: Typed): Record<string, unknown> {
  const now = Date.now()
  const values = fields.flatMap((field) => {
    const given = typed.get(field.name)
    return given ? [[field.name, valueFrom(field, nameOf(field, places), given, now)]] : []
  })
  return Object.fromEntries(values)
}

function requireAll(
  { words, fields, places }: CommandSpec,
  input: Readonly<Record<string, unknown>>,
  typed: Typed,
): void {
  const isFound = ({ name }: FieldSpec) => name === 'vault_id' && !places.includes(name)
  const missing = fields.filter(
    (field) => field.isRequired && !field.isSecret && !isFound(field) && !(field.name in input),
  )
  if (missing.length === 0) return
  const named = missing.map((field) => nameOf(field, places)).join(' and ')
  const hint =
    typed.size === 0 && places.length > 0 ? `: pawl ${words} ${places.map((name) => `<${name}>`).join(' ')}` : ''
  throw new UsageError(`${named} is missing${hint}; pawl ${words} --help says more`)
}

/** A vault may be called by its name wherever its id is wanted; and by nothing, where there is one to be found. */
async function nameVaults(
  fields: readonly FieldSpec[],
  input: Record<string, unknown>,
  place: Place,
  { env }: Terminal,
) {
  const field = fields.find(({ name }) => name === 'vault_id')
  const given = input.vault_id
  if (field && (typeof given === 'string' || (field.isRequired && given === undefined))) {
    input.vault_id = await vaultFor(place, env, given as string | undefined)
  }
  const many = input.vault_ids
  if (Array.isArray(many)) input.vault_ids = await Promise.all(many.map((one) => vaultFor(place, env, String(one))))
}

async function addSecrets(
  { fields }: CommandSpec,
  { flags }: Given,
  input: Record<string, unknown>,
  terminal: Terminal,
) {
  const wanted = fields.filter(({ flag, isSecret, isRequired }) => isSecret && (isRequired || flags.has(flag)))
  const values = await secretValues(
    wanted.map(({ flag }) => flag),
    terminal,
    flags.has('stdin'),
  )
  for (const [at, { name }] of wanted.entries()) input[name] = values[at]
}

/** What a field of the input is called where somebody typed it. */
function called({ fields, places }: CommandSpec, name: string): string {
  const field = fields.find((one) => one.name === name.split('.')[0])
  return field ? nameOf(field, places) : name
}
