import { formatAddress } from '@pawl/core/surfaces'
import { expect, test } from 'vitest'
import { clientIp } from './client-ip.ts'

function reader(...proxies: string[]) {
  const read = clientIp(proxies)
  return (peer: string | null, forwardedFor?: string) => {
    const address = read(peer, forwardedFor)
    return address && formatAddress(address)
  }
}

test('E1: without a trusted proxy, only the socket says who asks', () => {
  const read = reader()
  expect(read('203.0.113.7', '10.0.0.1')).toBe('203.0.113.7')
  expect(read('203.0.113.7', 'garbage')).toBe('203.0.113.7')
  expect(read('203.0.113.7')).toBe('203.0.113.7')
})

test('E1: what is forwarded by somebody who is no trusted proxy is not believed', () => {
  expect(reader('10.0.0.0/8')('203.0.113.7', '192.0.2.1')).toBe('203.0.113.7')
})

test('E1: behind proxies, the client is the last hop that is none, read from the right', () => {
  const read = reader('10.0.0.0/8', '2001:db8::/32')
  expect(read('10.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(read('10.0.0.1', '127.0.0.1, 203.0.113.7, 10.9.9.9')).toBe('203.0.113.7')
  expect(read('10.0.0.1', '203.0.113.7, 2001:db8::5')).toBe('203.0.113.7')
  expect(read('::ffff:10.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
})

test('a proxy that asks for itself is the client', () => {
  const read = reader('10.0.0.0/8')
  expect(read('10.0.0.1')).toBe('10.0.0.1')
  expect(read('10.0.0.1', '10.0.0.2, 10.0.0.3')).toBe('10.0.0.2')
})

test('E2: a hop that cannot be read denies, whatever stands beside it', () => {
  const read = reader('10.0.0.0/8')
  const bad = ['', 'a', ',', '203.0.113.7,', 'unknown', '203.0.113.7:443', '203.0.113.7, a', 'x'.repeat(10_240)]
  for (const forwardedFor of bad)
    expect(() => read('10.0.0.1', forwardedFor), forwardedFor).toThrow('did not send X-Forwarded-For')
})

test('E3: a hop that two parsers read in two ways is one that cannot be read', () => {
  const read = reader('10.0.0.0/8')
  for (const hop of ['0177.0.0.1', '127.1', '0x7f.0.0.1', '2130706433', '10.0.0.1:cafe', 'fe80::1%eth0']) {
    expect(() => read('10.0.0.1', hop), hop).toThrow('did not send X-Forwarded-For')
  }
  expect(read('10.0.0.1', '::ffff:203.0.113.7')).toBe('203.0.113.7')
})

test('a socket without an address has none, and a scope is not part of one', () => {
  expect(reader()(null)).toBeNull()
  expect(reader()('/run/pawl.sock')).toBeNull()
  expect(reader()('fe80::1%eth0')).toBe('fe80::1')
})

test('a proxy that is no address and no range is a mistake of the operator, told at once', () => {
  for (const range of ['', 'proxy', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/08', '::/129']) {
    expect(() => clientIp([range]), range).toThrow('is not an address')
  }
})
