import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destinationOf, parseRule, permits, ruleFor } from './rules.ts'

function isAllowed(rule: string, url: string): boolean {
  const parsed = parseRule(rule)
  const destination = destinationOf(new URL(url))
  if (!parsed) throw new Error(`${rule} is no rule`)
  return destination !== null && permits([parsed], destination)
}

describe('a rule', () => {
  it.each([
    ['api.example.com', 'https://api.example.com/v1?a=1'],
    ['api.example.com', 'https://API.EXAMPLE.COM./'],
    ['api.example.com', 'https://api.example.com:443/'],
    ['Bücher.example', 'https://xn--bcher-kva.example/'],
    ['api.example.com:8443', 'https://api.example.com:8443/'],
    ['https://api.example.com', 'https://api.example.com/'],
    ['*.example.com', 'https://a.b.example.com/'],
    ['http://api.example.com', 'http://api.example.com/'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000/'],
    ['127.0.0.1', 'https://0x7f.1/'],
    ['127.0.0.1', 'https://2130706433/'],
    ['127.0.0.1', 'https://[::ffff:7f00:1]/'],
    ['::1', 'https://[0:0::1]/'],
    ['[::1]:8443', 'https://[::1]:8443/'],
    ['10.0.0.0/8', 'https://10.255.0.1/'],
    ['10.0.0.0/8:8443', 'https://10.255.0.1:8443/'],
    ['http://[fd00::/8]:80', 'http://[fd12::1]/'],
  ])('%s allows %s', (rule, url) => {
    expect(isAllowed(rule, url)).toBe(true)
  })

  it.each([
    ['api.example.com', 'http://api.example.com/'],
    ['api.example.com', 'http://api.example.com:443/'],
    ['api.example.com', 'https://api.example.com:8443/'],
    ['api.example.com', 'https://api.example.com.evil.test/'],
    ['api.example.com', 'https://evil-api.example.com/'],
    ['api.example.com', 'https://api.example.com@evil.test/'],
    ['api.example.com', 'https://user@api.example.com/'],
    ['api.example.com', 'https://:password@api.example.com/'],
    ['api.example.com', 'ftp://api.example.com:443/'],
    ['api.example.com', 'ws://api.example.com:443/'],
    ['*.example.com', 'https://example.com/'],
    ['*.example.com', 'https://.example.com/'],
    ['*.example.com', 'https://evilexample.com/'],
    ['http://api.example.com', 'https://api.example.com/'],
    ['http://api.example.com:443', 'https://api.example.com/'],
    ['10.0.0.0/8', 'https://11.0.0.1/'],
    ['10.0.0.0/8', 'https://[64:ff9b::a00:1]/'],
    ['::/0', 'https://10.0.0.1/'],
    ['0.0.0.0/0', 'https://api.example.com/'],
  ])('%s does not allow %s', (rule, url) => {
    expect(isAllowed(rule, url)).toBe(false)
  })

  it.each([
    ...['', '*', '*.', '.example.com', 'example.com.', 'a..b', '*.*.example.com', 'a*.example.com', 'exam ple.com'],
    ...['api.example.com/', 'api.example.com/v1', 'user@api.example.com', 'api.example.com?a', 'api.example.com#a'],
    ...['api.example.com:', 'api.example.com:0', 'api.example.com:65536', 'api.example.com:*', 'a:b:1', 'a%2eb'],
    ...['ftp://api.example.com', 'http://', '//api.example.com', 'a\\b', 'a\tb', 'a\n', 'a,b'],
    // In what other notations are there is no telling which of its readers is right.
    ...['0177.0.0.1', '127.1', '2130706433', '0x7f000001', '10.0.0.1:cafe', '10.0.0.0/33', '[10.0.0.1', '[name]:1'],
    ...['fe80::1%eth0', '[::1', '::1]:80', '10.0.0.0/', '*.0.0.1', '::ffff:0:0/90'],
  ])('is not to be read in %j', (text) => {
    expect(parseRule(text)).toBeNull()
  })

  it('that is suggested for a destination allows it, and neither another port nor the other scheme', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    )
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_534 }), fc.constantFrom('http', 'https'), (name, port, scheme) => {
        const to = (other: string, at: number) => `${other}://${name}:${at}/`
        const destination = destinationOf(new URL(to(scheme, port)))
        const rule = destination && ruleFor(destination)
        expect(rule && isAllowed(rule, to(scheme, port))).toBe(true)
        expect(rule && isAllowed(rule, to(scheme, port + 1))).toBe(false)
        expect(rule && isAllowed(rule, to(scheme === 'http' ? 'https' : 'http', port))).toBe(false)
      }),
    )
  })
})
