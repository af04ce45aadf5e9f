import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

// Goal: the reasons are about the API as it is. Method: each line is looked up in the OpenAPI document.

type Json = { readonly [name: string]: Json } & readonly Json[]

const read = (path: string) => JSON.parse(readFileSync(resolve(import.meta.dirname, path), 'utf8')) as Json
const { paths, components } = read('../../packages/server/openapi.json') as unknown as Record<string, Json>
const { 'Stateful tests': _, ...reasons } = read('refused.json') as unknown as Record<string, string>

/** Every field name below a part of the document, also behind references. */
function namesIn(part: Json, seen = new Set<string>()): string[] {
  if (part === null || typeof part !== 'object') return []
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === '$ref') {
      const name = String(value).split('/').slice(2)
      if (seen.has(String(value))) return []
      seen.add(String(value))
      return namesIn(
        name.reduce<Json>((found, one) => found[one] as Json, components as Json),
        seen,
      )
    }
    const own = key === 'properties' ? Object.keys(value) : key === 'name' ? [String(value)] : []
    return [...own, ...namesIn(value as Json, seen)]
  })
}

describe('M24: each reason in refused.json', () => {
  it.each(Object.entries(reasons))('of %s names an operation, and only fields that it has', (line, reason) => {
    const [method = '', path = ''] = line.split(' ')
    const operation = paths?.[path]?.[method.toLowerCase()]
    expect(operation, 'the operation').toBeDefined()
    const known = namesIn([paths?.[path] as Json, operation as Json] as unknown as Json)
    const said = reason.match(/\b[a-z]+(?:_[a-z0-9]+)+\b/g) ?? []
    expect(said.filter((name) => !known.includes(name))).toEqual([])
  })
})
