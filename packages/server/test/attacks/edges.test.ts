import { describe, expect, test } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { type JsonSchema, jsonSchemaOf, propertiesOf, typesOf } from '../../src/derive/json-schema.ts'
import { bearerOf, type Case, cases, named, openDoor, requestOf } from './door.ts'

// Goal: no time, number or cursor of a caller gets an answer of 500 (M24). Method: each operation that takes one gets its own
// example on the wire, with the values at and behind the edges in one field after the other.

type Place = readonly string[]

const cursor = (...place: readonly unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url')
const someId = '00000000-0000-4000-8000-000000000000'
const times = [
  ...['0000-01-01T00:00:00Z', '0000-01-01T00:00:00+23:59', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z'],
  ...['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59-23:59', '2027-02-30T00:00:00Z', '-000001-01-01T00:00:00Z', ''],
]
const numbers = [
  0,
  -0,
  -1,
  0.5,
  1e-7,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e21,
  Number.MAX_VALUE,
  'NaN',
  '1e3',
  '',
]
const parts = [-1, 0.5, 2 ** 53 - 1, 1e300, null, [], 'main', '', '\u0000', someId]
const cursors = [
  ...['', 'A', '!', 'bnVsbA', cursor()],
  ...parts.flatMap((one) => parts.map((other) => cursor(one, other))),
  ...[-1, 0.5, 2 ** 53 - 1, 1e300].flatMap((one) => [cursor(1, one, {}), cursor(1, 0, { main: one })]),
]

/** What a field may hold at its edges. Null: the field is no time, number or cursor. */
function edgesOf(name: string, schema: JsonSchema): readonly unknown[] | null {
  if (/cursor|^after$|^before$/.test(name)) return cursors
  if (JSON.stringify(schema).includes('"date-time"')) return times
  return typesOf(schema).some((type) => type === 'integer' || type === 'number') ? numbers : null
}

/** Each field that is a time, a number or a cursor, also inside of other fields. */
function placesIn(root: JsonSchema, schema: JsonSchema = root, at: Place = []): [Place, readonly unknown[]][] {
  if (at.length > 4) return []
  return Object.entries(propertiesOf(root, schema)).flatMap(([name, field]) => {
    const edges = edgesOf(name, field)
    return edges ? [[[...at, name], edges] as [Place, readonly unknown[]]] : placesIn(root, field, [...at, name])
  })
}

function placed(input: Readonly<Record<string, unknown>>, [name = '', ...rest]: Place, value: unknown): object {
  const inner = input[name]
  const known = inner !== null && typeof inner === 'object' ? (inner as Readonly<Record<string, unknown>>) : {}
  return { ...input, [name]: rest.length === 0 ? value : placed(known, rest, value) }
}

const placesOf = ({ operation }: Case) => placesIn(jsonSchemaOf(operation.input, 'input'))
const takers = cases.filter((one) => placesOf(one).length > 0)

describe('M24: a time, a number or a cursor at its edge', () => {
  test.each(named(some('operations that take a time, a number or a cursor', 9, takers)))('%s', async (_, one) => {
    await using door = await openDoor()
    const { input, who } = await one.example(door.world)
    const bearer = await bearerOf(door.world, who)
    const [route] = one.routes
    if (!route) return
    for (const [place, edges] of placesOf(one)) {
      for (const edge of edges) {
        const { path, sent } = requestOf(route, placed(input, place, edge) as Readonly<Record<string, unknown>>)
        const { status, json } = await door.send(path, { ...sent, bearer })
        // A time outside of the years 0 to 9999 is no RFC 3339 time.
        const isBad = status === 500 || /"[+-]0\d{5}-/.test(JSON.stringify(json))
        expect([place.join('.'), edge, isBad ? json : 'fine']).toEqual([place.join('.'), edge, 'fine'])
      }
    }
  })
})
