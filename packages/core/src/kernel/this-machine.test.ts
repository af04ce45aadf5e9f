import { expect, test } from 'vitest'
import { isThisMachine } from './this-machine.ts'

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.0.2', '::1', '[::1]'])('%s is this machine', (host) => {
  expect(isThisMachine(host)).toBe(true)
})

test.each([
  ...[
    '',
    '0.0.0.0',
    '::',
    '127.0.0.1.example.com',
    '127.example.com',
    'localhost.example.com',
    '10.0.0.1',
    '128.0.0.1',
  ],
  ...['127.0.0.1\n', 'not localhost', '::11', '127.1'],
])('%j can be another machine', (host) => {
  expect(isThisMachine(host)).toBe(false)
})
