import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument } from './graphql.ts'

// Goal: no document that a server executes as a mutation is read as a query. Method: documents that hide one, documents
// that only look like one, and texts that are no documents.

const read = (source: string, operationName?: string) => readDocument(source, operationName)

describe('M11: a GraphQL document', () => {
  it.each([
    '{ a }',
    'query { mutation }',
    'query mutation { a }',
    'query Q($m: M = { mutation: "mutation { a }" }) @skip(if: {a: [1]}) { a }',
    '# mutation { a }\n{ a }',
    '{ a(text: "mutation { b } \\" }") }',
    '{ a(text: """mutation { b } \\""" } """) { b } }',
    'fragment mutation on T { a } query { ...mutation }',
    '{ a(text: """""") }',
    'query { a { b { c } } } # mutation',
  ])('%j is a query', (source) => {
    expect(read(source)).toEqual({ type: 'query' })
  })

  it.each([
    'mutation { a }',
    '\ufeff,\tmutation{a}',
    '#\rmutation { a }',
    'mutation query { a }',
    'fragment query on Q { a } mutation { ...query }',
    'fragment F on Q { a(text: """ " \\""" """) } mutation M { a }',
  ])('%j is a mutation', (source) => {
    expect(read(source)).toEqual({ type: 'mutation' })
  })

  it('is a mutation if any of its operations is one, because servers differ in which they choose', () => {
    const both = 'query A { a } mutation B { b }'
    expect(read(both, 'A')).toEqual({ type: 'mutation' })
    expect(read(both, 'B')).toEqual({ type: 'mutation' })
    expect(read('query A { a } query B { b }', 'B')).toEqual({ type: 'query' })
  })

  it.each([
    ['', undefined],
    ['fragment F on Q { a }', undefined],
    ['query A { a } query B { b }', undefined],
    ['query A { a } query A { b }', 'A'],
    ['query A { a } { b }', 'A'],
    ['query A { a }', 'B'],
    ['query A { a }', ''],
    ['{ a }', ''],
    ['subscription { a }', undefined],
    ['query A { a } subscription B { b }', 'A'],
    ['extend type Q { a: Int }', undefined],
    ['"description" query { a }', undefined],
    ['query query A { a }', undefined],
    ['{ a } }', undefined],
    ['{ a ', undefined],
    ['{ a ( }', undefined],
    ['{ a(b: [}]) }', undefined],
    ['{ a(text: "line\nmutation") }', undefined],
    ['{ a } # \u2028 mutation { b }', undefined],
    ['{ a } \u00a0 mutation { b }', undefined],
    ['{ a(text: """never ends) }', undefined],
    ['{ a } ; mutation { b }', undefined],
  ])('%j with the operationName %j is refused', (source, operationName) => {
    expect(read(source, operationName)).toEqual({ problem: expect.any(String) })
  })

  it('is never a query if a mutation stands anywhere between complete definitions', () => {
    const other = fc.constantFrom('query Q1 { a }', 'fragment F on T { a(t: "}") }', 'query Q2($x: I = {y: 1}) { b }')
    const blank = fc.constantFrom(' ', '\n', ',', '#}\n', '#"""\n', '\ufeff')
    fc.assert(
      fc.property(fc.array(fc.tuple(other, blank)), fc.array(fc.tuple(other, blank)), (before, after) => {
        const source = [...before, ['mutation M { m }', ' '], ...after].flat().join('')
        expect(read(source, 'M')).not.toEqual({ type: 'query' })
        expect(read(source, 'Q1')).not.toEqual({ type: 'query' })
      }),
    )
  })

  it('is read in one pass, also if it is as long as a body may be', () => {
    const text = 'a'.repeat(1_000_000)
    expect(read(`{ a(text: """${text}""") }`)).toEqual({ type: 'query' })
    expect(read(`{ a(text: "${text}") }`)).toEqual({ type: 'query' })
    expect(read(`{ a(text: """${text}`)).toEqual({ problem: expect.any(String) })
    expect(read('{'.repeat(1_000_000))).toEqual({ problem: expect.any(String) })
    expect(read('{ a } '.repeat(200_000))).toEqual({ problem: expect.any(String) })
  })
})
