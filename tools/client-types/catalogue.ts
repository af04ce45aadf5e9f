import type { DefinedError } from './error-definitions.ts'
import { docComment, literal, property } from './text.ts'

/** What the wire carries of an error beside its code and its message; the rest is known in-process only. */
const onTheWire = ['fields', 'retryAfterSeconds']

/** The error catalogue as a module: the codes and their data as types, and all of it as a value. */
export function errorCatalogue(errors: readonly DefinedError[]): string {
  const withData = errors.filter(({ data }) => Object.keys(data).length > 0)
  const types = withData.map(dataOf)
  const imports = types.some((type) => /\bJson\b/.test(type)) ? "import type { Json } from './json.ts'\n\n" : ''
  return `// Written by tools/gen-client-types.ts.

${imports}/** The codes of the errors that the engine and its client throw. */
export type PawlErrorCode =
${errors.map(({ code }) => `  | ${literal(code)}`).join('\n')}

/** The data of errors, by code. In-process, all fields are set. Over HTTP, optional fields can be missing. */
export interface PawlErrorData {
${withData.map((error) => `${docComment([aboutError(error)], '  ')}  readonly ${error.code}: ${dataOf(error)}\n`).join('')}}

/** Every error code with its kind, its description and the names of its data fields. */
export const errorCatalogue = {
${errors.map(entryOf).join('')}} as const
`
}

function aboutError({ kind, description }: DefinedError): string {
  return description === '' ? `Of kind \`${kind}\`.` : `Of kind \`${kind}\`: ${description}`
}

function dataOf({ data }: DefinedError): string {
  const fields = Object.entries(data).map(
    ([name, type]) => `readonly ${property(name)}${onTheWire.includes(name) ? '' : '?'}: ${type}`,
  )
  return `{ ${fields.join('; ')} }${Object.keys(data).every((name) => onTheWire.includes(name)) ? '' : ' | undefined'}`
}

function entryOf({ code, kind, description, data }: DefinedError): string {
  const names = Object.keys(data).map(literal).join(', ')
  return `  ${code}: { kind: ${literal(kind)}, description: ${literal(description)}, data: [${names}] },\n`
}
