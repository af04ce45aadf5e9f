import { expect, expectTypeOf, it } from 'vitest'
import { isPawlError, PawlError } from './errors.ts'

it('tells an error of Pawl from another, by its code or by none', () => {
  const error: unknown = new PawlError('limited', 'rate_limited', 'Too many calls.', { retryAfterSeconds: 1 })
  expect(isPawlError(error)).toBe(true)
  expect(isPawlError(error, 'denied', 'rate_limited')).toBe(true)
  expect(isPawlError(error, 'denied')).toBe(false)
  for (const other of [new Error('denied'), { code: 'denied' }, null]) expect(isPawlError(other)).toBe(false)
})

it('narrows the type to any error of Pawl, or to those of the codes', () => {
  const error: unknown = null
  if (isPawlError(error)) expectTypeOf(error).toEqualTypeOf<PawlError>()
  if (isPawlError(error, 'rate_limited')) expectTypeOf(error.data.retryAfterSeconds).toEqualTypeOf<number>()
})
