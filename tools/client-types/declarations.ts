import type { JsonSchema } from '../../packages/server/src/derive/json-schema.ts'
import { docComment, literal, pascal, property } from './text.ts'

// From JSON Schema to declarations of TypeScript. Objects get names: those of their schema, or else their place.

/** The context of every declaration. */
export interface Writing {
  /** The whole schema, in whose `$defs` named parts are. */
  readonly root: JsonSchema
  /** Which fields hold secrets that are shown, as operations declare them. */
  readonly reveals: readonly string[]
  /** Given by the caller, so that constants will do; what is answered belongs to the caller. */
  readonly isGiven: boolean
  /** A name of something that has none of its own. */
  readonly parent: string
}

/** A schema that is named `Secret` holds one, and is not the class. */
const renamed: Readonly<Record<string, string>> = { Secret: 'SecretWithValue' }

/** Every declaration of the client, by name; the same name twice must be the same declaration. */
export class Declarations {
  readonly #texts = new Map<string, string>()
  readonly #areas = new Map<string, string>()
  #area = ''

  /** What is declared from now on is declared for this area, unless another has it already. */
  begin(area: string): void {
    this.#area = area
  }

  areaOf(name: string): string | undefined {
    return this.#areas.get(name)
  }

  of(area: string): string[] {
    return [...this.#texts].flatMap(([name, text]) => (this.#areas.get(name) === area ? [text] : []))
  }

  /** Declares an object under this name, with the names of what is in it. */
  object(name: string, doc: readonly string[], schema: JsonSchema, writing: Writing): string {
    this.#reserve(name)
    const required = new Set(schema.required)
    const fields = Object.entries(schema.properties ?? {}).map(([field, part]) => {
      const type = this.type(part, inside(writing, field))
      const isOptional = !required.has(field)
      const about = docComment(aboutField(part), '  ')
      return `${about}  readonly ${property(field)}${isOptional ? '?' : ''}: ${type}${isOptional ? ' | undefined' : ''}\n`
    })
    const others = schema.additionalProperties === true ? '  readonly [name: string]: unknown\n' : ''
    const members = `${fields.join('')}${others}`
    const type = members === '' ? `type ${name} = Record<string, never>\n` : `interface ${name} {\n${members}}\n`
    this.#declare(name, `${docComment(doc, '')}export ${type}`)
    return name
  }

  /** The type of a value; what is in it and has a name is declared. */
  type(schema: JsonSchema, writing: Writing): string {
    const { anyOf, oneOf, type, items } = schema
    if (schema.$ref !== undefined) return this.#named(schema.$ref.replace('#/$defs/', ''), writing)
    if ('const' in schema) return literal(schema.const)
    if (Array.isArray(schema.enum)) return this.#union(schema, schema.enum.map(literal).join(' | '))
    const parts = anyOf ?? oneOf ?? (Array.isArray(type) ? type.map((one) => ({ ...schema, type: one })) : undefined)
    if (parts) return [...new Set(parts.map((part) => this.type(part, writing)))].join(' | ')
    if (type === 'array') return `${writing.isGiven ? 'readonly ' : ''}${bracketed(this.type(items ?? {}, writing))}[]`
    if (type === 'object') return this.#objectType(schema, writing)
    if (type === 'string') return textType(schema, writing)
    if (type === 'integer' || type === 'number') return 'number'
    if (type === 'boolean' || type === 'null') return type
    return 'Json'
  }

  #objectType(schema: JsonSchema, writing: Writing): string {
    const { properties, additionalProperties: others } = schema
    if (properties) {
      if (typeof schema.title !== 'string') return this.object(writing.parent, [], schema, writing)
      // The same for inputs and outputs.
      const whole = { ...writing, parent: schema.title, isGiven: true }
      return this.object(schema.title, describedBy(schema), schema, whole)
    }
    if (schema.writeOnly) return 'string | JsonObject | Secret<string | JsonObject>'
    if (typeof others !== 'object') return 'JsonObject'
    return `{ readonly [name: string]: ${this.type(others as JsonSchema, writing)} }`
  }

  #union({ title }: JsonSchema, members: string): string {
    if (typeof title !== 'string') return members
    this.#reserve(title)
    this.#declare(title, `export type ${title} = ${members}\n`)
    return title
  }

  #named(name: string, writing: Writing): string {
    const schema = writing.root.$defs?.[name] ?? {}
    // What zod makes of its own type of JSON.
    if (name.startsWith('__schema')) return 'Json'
    return this.object(renamed[name] ?? name, describedBy(schema), schema, {
      ...writing,
      parent: renamed[name] ?? name,
    })
  }

  /** In the order in which names are met, the whole before its parts. */
  #reserve(name: string): void {
    if (this.#texts.has(name)) return
    this.#texts.set(name, '')
    this.#areas.set(name, this.#area)
  }

  #declare(name: string, text: string): void {
    const before = this.#texts.get(name)
    if (before !== '' && before !== text) throw new Error(`${name} names two different types:\n${before}\n${text}`)
    this.#texts.set(name, text)
  }
}

function textType({ writeOnly }: JsonSchema, { reveals }: Writing): string {
  if (reveals.includes('')) return 'Secret<string>'
  return writeOnly ? 'string | Secret<string>' : 'string'
}

/** Fields are named after what they are in, which is named after its operation. */
function inside({ reveals, parent, ...writing }: Writing, field: string): Writing {
  const ofField = reveals.flatMap((path) => (path === field || path.startsWith(`${field}.`) ? [path] : []))
  return {
    ...writing,
    reveals: ofField.map((path) => path.slice(field.length + 1)),
    parent: `${parent.replace(/(Input|Output)$/, '')}${pascal(field)}`,
  }
}

function bracketed(type: string): string {
  return / [|&] /.test(type) ? `(${type})` : type
}

function describedBy({ description }: JsonSchema): string[] {
  return typeof description === 'string' ? [description] : []
}

/** What a reader should know of a field: its description, its form and its bounds. */
function aboutField(schema: JsonSchema): string[] {
  const parts = [schema, ...(schema.anyOf ?? [])].filter(({ type }) => type !== 'null')
  const facts = parts.flatMap((part) => factsOf(part))
  const described = parts.flatMap(describedBy).slice(0, 1)
  const text = [...described, ...facts.filter((fact) => !described.some((about) => about.includes(fact)))].join(' ')
  return text === '' ? [] : [text]
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'UUID.',
  email: 'E-mail address.',
  'date-time': 'RFC 3339 time.',
}

/** A bound of this size or above is the limit of the number type, and not a chosen limit. */
const chosenMax = 2 ** 31 - 1

function factsOf(schema: JsonSchema): string[] {
  const { format, minimum: from, maximum: to, maxLength, maxItems } = schema as Record<string, unknown>
  const facts: string[] = []
  if (typeof format === 'string' && formats[format]) facts.push(formats[format])
  if (typeof from === 'number' && typeof to === 'number' && to < chosenMax) facts.push(`From ${from} to ${to}.`)
  if (typeof maxLength === 'number' && format === undefined) facts.push(`At most ${maxLength} characters.`)
  if (typeof maxItems === 'number') facts.push(`At most ${maxItems} entries.`)
  if ('default' in schema) facts.push(`Default: \`${String(schema.default)}\`.`)
  return facts
}
