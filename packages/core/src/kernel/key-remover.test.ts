import { tagged } from '@pawl/testkit/canary'
import { expect, it } from 'vitest'
import { keyRemover } from './key-remover.ts'

it.each([
  ['path', (key: string) => `https://n.example/v2/${key}`],
  ['query', (key: string) => `https://n.example/?key=${key}`],
  ['query without a value', (key: string) => `https://n.example/?${key}`],
  ['user', (key: string) => `https://${key}@n.example/`],
  ['password', (key: string) => `https://user:${key}@n.example/`],
])('removes a key in the %s of a URL', (_, urlWith) => {
  const key = tagged('k3y-0f-a-n0de')
  const clean = keyRemover([urlWith(key)])
  for (const said of [urlWith(key), `the key ${key} is unknown`]) expect(clean(said)).not.toContain(key)
  expect(clean('n.example does not answer')).toBe('n.example does not answer')
})
