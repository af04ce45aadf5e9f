import type { Json } from '../../../kernel/json.ts'

type Fields = { readonly [field: string]: Json }

/** The fields of an object; of anything else, none. */
export function fieldsOf(value: Json | undefined): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
}

/** The entries of a list; of anything else, none. */
export function entriesOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** The object without some of its fields. */
export function without(fields: Fields, ...names: string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}
