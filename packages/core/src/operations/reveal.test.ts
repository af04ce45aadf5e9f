import { expect, test } from 'vitest'
import { Secret } from '../kernel/secret.ts'
import { revealed } from './reveal.ts'

const json = (output: unknown, fields: string[]) => JSON.parse(JSON.stringify(revealed(output, fields)))

test('only the named fields show what they hold', () => {
  const output = { value: Secret.of('shown'), other: Secret.of('hidden'), deep: { value: Secret.of('hidden') } }
  expect(json(output, ['value'])).toEqual({ value: 'shown', other: '[secret]', deep: { value: '[secret]' } })
})

test('a dot leads into an object and into each of an array', () => {
  const output = { keys: [{ key: Secret.of('a') }, { key: Secret.of('b'), id: Secret.of('x') }], key: Secret.of('c') }
  expect(json(output, ['keys.key'])).toEqual({ keys: [{ key: 'a' }, { key: 'b', id: '[secret]' }], key: '[secret]' })
})

test('a list of secrets is shown as a list', () => {
  expect(json({ codes: [Secret.of('a'), Secret.of('b')] }, ['codes'])).toEqual({ codes: ['a', 'b'] })
})

test('a field that is missing, or is no secret, stays as it is', () => {
  expect(json({ a: 1 }, ['value', 'a', 'a.b', 'toString'])).toEqual({ a: 1 })
  expect(json({ value: null }, ['value'])).toEqual({ value: null })
  expect(revealed(undefined, ['value'])).toBeUndefined()
})

test('the output itself is left as it was', () => {
  const output = { value: Secret.of('shown') }
  revealed(output, ['value'])
  expect(JSON.stringify(output)).toBe('{"value":"[secret]"}')
})
