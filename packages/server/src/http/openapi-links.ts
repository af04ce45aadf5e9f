import { type JsonSchema, jsonSchemaOf, propertiesOf } from '../derive/json-schema.ts'
import type { Route } from './routes.ts'

/** An OpenAPI link: another operation, and where its path parameters come from. */
interface Link {
  readonly operationId: string
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Links from an operation that creates something to the operations that read it. They follow from the routes: a parameter
 * comes from the path of the request, from the field of the answer with its name, or from the id in the answer.
 *
 * @example
 * linksOf(createVault, routes).getVault   // { operationId: 'getVault', parameters: { vault_id: '$response.body#/id' } }
 */
export function linksOf(route: Route, routes: readonly Route[]): Readonly<Record<string, Link>> {
  if (isAlias(route) || (route.status !== 201 && route.status !== 202)) return {}
  const known = { ...fromRequest(route), ...fromAnswer(route, routes) }
  const readers = routes.filter((one) => one.method === 'GET' && !isAlias(one) && one.params.length > 0)
  const reachable = readers.filter(({ params }) => params.every((name) => Object.hasOwn(known, name)))
  return Object.fromEntries(reachable.map(({ http: { id }, params }) => [id, link(id, params, known)]))
}

function link(operationId: string, params: readonly string[], known: Readonly<Record<string, string>>): Link {
  return { operationId, parameters: Object.fromEntries(params.map((name) => [name, known[name] ?? ''])) }
}

function fromRequest({ params }: Route): Record<string, string> {
  return Object.fromEntries(params.map((name) => [name, `$request.path.${name}`]))
}

function fromAnswer(route: Route, routes: readonly Route[]): Record<string, string> {
  const answer = jsonSchemaOf(route.operation.output, 'output')
  const fields = propertiesOf(answer)
  const ownId = ownIdOf(route, routes)
  const place = placeOfId(fields, answer)
  const named = Object.keys(fields).map((name) => [name, `$response.body#/${name}`])
  return { ...Object.fromEntries(named), ...(ownId && place && { [ownId]: `$response.body#${place}` }) }
}

/** The parameter by which the area reads what this operation creates. */
function ownIdOf(route: Route, routes: readonly Route[]): string | undefined {
  const area = areaOf(route)
  const readers = routes.filter((one) => one.method === 'GET' && areaOf(one) === area)
  const last = readers.map(({ params, path }) => (path.endsWith('}') ? params.at(-1) : undefined))
  return last.find((name) => name?.endsWith('_id') && !route.params.includes(name))
}

/** The ID is in the answer, or in the one object that the answer has besides a secret. */
function placeOfId(fields: Readonly<Record<string, JsonSchema>>, root: JsonSchema): string | null {
  if (fields.id) return '/id'
  const [holder] = Object.keys(fields).filter((name) => {
    const field = fields[name]
    return field && propertiesOf({ ...field, ...(root.$defs && { $defs: root.$defs }) }).id
  })
  return holder === undefined ? null : `/${holder}/id`
}

function areaOf({ operation }: Route): string {
  return operation.name.slice(0, operation.name.indexOf('.'))
}

function isAlias({ http, method, path }: Route): boolean {
  return method !== http.method || path !== http.path
}
