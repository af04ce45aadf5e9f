import { expect, test } from 'vitest'
import * as z from 'zod'
import type { PawlError } from '../kernel/errors.ts'
import * as fields from './fields.ts'
import { parseInput } from './parse.ts'

const Input = z.object({
  name: fields.name(),
  password: fields.secretText(100),
  kind: z.enum(['a', 'b'], 'must be a or b'),
  inner: z.object({ id: fields.id() }, 'must be an object'),
})

function problems(raw: unknown) {
  try {
    parseInput(Input, raw)
  } catch (error) {
    return (error as PawlError<{ fields: Record<string, string> }>).data.fields
  }
  return {}
}

test('a required field that is absent is missing, whatever type it must have', () => {
  expect(problems({ inner: {} })).toEqual({
    name: 'is missing',
    password: 'is missing',
    kind: 'is missing',
    'inner.id': 'is missing',
  })
  expect(problems({ name: 'n', password: 'p', kind: 'a' })).toEqual({ inner: 'is missing' })
})

test('a field of the wrong type is told which type it must have', () => {
  expect(problems({ name: 1, password: null, kind: 'c', inner: 'text' })).toEqual({
    name: 'must be a string',
    password: 'must be a string',
    kind: 'must be a or b',
    inner: 'must be an object',
  })
})

test('a rule of the schema keeps its own words about an absent field', () => {
  const Either = z.object({ a: z.string().optional() }).superRefine(({ a }, context) => {
    if (a === undefined) context.addIssue({ code: 'custom', path: ['a'], message: 'must be set without b' })
  })
  expect(() => parseInput(Either, {})).toThrow('a: must be set without b')
})
