import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import {
  type Address,
  cidrContains,
  cidrShape,
  embeddedIpv4,
  formatAddress,
  formatCidr,
  parseAddress,
  parseCidr,
} from './ip.ts'

// Goal: what is an address, and which range holds it, is exactly what Node says, apart from scope ids and from IPv4
// inside IPv6, which we unwrap. Method: node:net as the oracle, on valid texts and on texts broken in one place.

const familyOf = (version: 4 | 6) => (version === 4 ? 'ipv4' : 'ipv6')

const ipv4Text = fc.ipV4()
const ipv6Text = fc.oneof(
  fc.ipV6(),
  fc.tuple(fc.constantFrom('::ffff:', '::', '64:ff9b::', '1:2:3:4:5:6:'), fc.ipV4()).map(([head, tail]) => head + tail),
  fc.array(fc.constantFrom('0', '1', 'ffff', 'AbCd'), { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
)
const addressText = fc.oneof(ipv4Text, ipv6Text)

/** A text with one character put in, taken out or replaced. */
const brokenText = fc
  .tuple(
    addressText,
    fc.nat(44),
    fc.constantFrom('', ':', '::', '.', '0', '00', 'f', 'g', ' ', '%1', '/', '-', '٣'),
    fc.nat(1),
  )
  .map(([text, at, insert, drop]) => text.slice(0, at) + insert + text.slice(at + drop))

function parsed(text: string): Address {
  const address = parseAddress(text)
  if (!address) throw new Error(`${text} is no address`)
  return address
}

describe('an address', () => {
  test('is read from the texts that Node takes for one, scope ids apart', () => {
    let valid = 0
    fc.assert(
      fc.property(fc.oneof(addressText, brokenText), (text) => {
        const expected = isIP(text) !== 0 && !text.includes('%')
        if (expected) valid++
        expect(parseAddress(text) !== null, text).toBe(expected)
      }),
      { numRuns: tries(20_000) },
    )
    expect(valid).toBeGreaterThan(tries(5_000))
    expect(valid).toBeLessThan(tries(19_000))
  })

  test('has one text, which is read as the same address, and it is the text that the URL standard gives', () => {
    fc.assert(
      fc.property(addressText, (text) => {
        const address = parsed(text)
        const form = formatAddress(address)
        expect(parseAddress(form)).toEqual(address)
        expect(isIP(form)).toBe(address.version)
        const mapped = address.version === 4 && text.includes(':')
        expect(urlHost(mapped ? `::ffff:${form}` : form)).toBe(urlHost(text))
        if (!mapped) expect(`[${form}]`.replace(/^\[([0-9.]+)\]$/, '$1')).toBe(urlHost(text))
      }),
      { numRuns: tries(5_000) },
    )
  })

  test('E3: octal, short, padded, partial and scoped forms are none', () => {
    const octal = ['0177.0.0.1', '010.0.0.1', '00.0.0.0', '1.2.3.04', '0x7f.0.0.1', '0x7f000001', '2130706433']
    const short = ['127.1', '127.0.1', '10', '1.2.3', '1.2.3.4.5', '1.2.3.', '.1.2.3', '']
    const mixed = [
      '10.0.0.1:cafe',
      '10.0.0.1:80',
      '[::1]',
      '::1%eth0',
      'fe80::1%1',
      '1::2::3',
      ':::',
      ':1',
      '1:',
      '12345::',
    ]
    const spaced = [' 127.0.0.1', '127.0.0.1\n', '127.0.0.1 ', '127.0.0.1\u0000', '１27.0.0.1', '::1.2.3', '1.2.3.4::']
    for (const text of [...octal, ...short, ...mixed, ...spaced]) expect(parseAddress(text), text).toBeNull()
  })

  test('E3: IPv4 inside IPv6 is the IPv4 address, however it is spelled', () => {
    for (const text of ['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '0:0:0:0:0:FFFF:169.254.169.254']) {
      expect(formatAddress(parsed(text)), text).toBe('169.254.169.254')
    }
    expect(formatAddress(parsed('::169.254.169.254'))).toBe('::a9fe:a9fe')
  })

  test('E3: behind NAT64 or 6to4 it shows the IPv4 address to rules that refuse, and is not that address itself', () => {
    for (const text of ['64:ff9b::7f00:1', '64:ff9b::127.0.0.1', '2002:7f00:1::']) {
      const inside = embeddedIpv4(parsed(text))
      expect(inside && formatAddress(inside), text).toBe('127.0.0.1')
      expect(contains('127.0.0.0/8', text)).toBe(false)
    }
    for (const text of ['127.0.0.1', '::1', '64:ff9b:1::7f00:1', '2003:7f00:1::'])
      expect(embeddedIpv4(parsed(text))).toBeNull()
  })
})

describe('a range', () => {
  test('holds an address exactly when the block list of Node does', () => {
    let held = 0
    const pair = fc.oneof(fc.tuple(ipv4Text, ipv4Text), fc.tuple(ipv6Text, ipv6Text), fc.tuple(ipv4Text, ipv6Text))
    fc.assert(
      fc.property(pair, fc.nat(128), fc.nat(127), fc.boolean(), ([network, other], prefixSeed, flip, near) => {
        const base = parsed(network)
        const prefix = prefixSeed % (base.words.length * 32 + 1)
        const address = near ? withBitFlipped(base, flip % (base.words.length * 32)) : parsed(other)
        const cidr = parseCidr(`${formatAddress(base)}/${prefix}`)
        if (!cidr) throw new Error('a range')
        const expected = oracleHolds(base, prefix, address)
        if (expected) held++
        expect(cidrContains(cidr, address), `${network}/${prefix} ${formatAddress(address)}`).toBe(expected)
      }),
      { numRuns: tries(10_000) },
    )
    expect(held).toBeGreaterThan(tries(1_000))
    expect(held).toBeLessThan(tries(9_000))
  })

  test.each([
    ['10.0.0.5/8', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::1', '::1/128'],
    ['2001:DB8:0:0:1::1/33', '2001:db8::/33'],
    ['::/0', '::/0'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:10.0.0.1', '10.0.0.1/32'],
  ])('has one text, without bits of a host: %s is %s', (text, form) => {
    const cidr = parseCidr(text)
    expect(cidr && formatCidr(cidr)).toBe(form)
  })

  test('E3: is refused in any other form', () => {
    const prefixes = [
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/8 ',
      '10.0.0.0/1e1',
      '::/129',
    ]
    const networks = ['10/8', '010.0.0.0/8', '10.0.0.1:cafe/8', '/8', '', '*', '::ffff:10.0.0.0/95', 'fe80::%1/64']
    const masks = ['10.0.0.0/255.0.0.0', '10.0.0.0-10.0.0.9', '10.0.0.*']
    for (const text of [...prefixes, ...networks, ...masks]) expect(parseCidr(text), text).toBeNull()
  })

  test('never holds an address of the other version, not even the range of everything', () => {
    expect(contains('::/0', '10.0.0.1')).toBe(false)
    expect(contains('0.0.0.0/0', '::1')).toBe(false)
    expect(contains('0.0.0.0/0', '::ffff:10.0.0.1')).toBe(true)
    expect(contains('255.255.255.255/32', '255.255.255.255')).toBe(true)
  })
})

function contains(range: string, address: string): boolean {
  const cidr = parseCidr(range)
  if (!cidr) throw new Error(`${range} is no range`)
  return cidrContains(cidr, parsed(address))
}

function oracleHolds(base: Address, prefix: number, address: Address): boolean {
  if (base.version !== address.version) return false
  const list = new BlockList()
  list.addSubnet(formatAddress(base), prefix, familyOf(base.version))
  return list.check(formatAddress(address), familyOf(address.version))
}

/** The host as the URL standard writes it: RFC 5952, and never an IPv4 part in it. */
function urlHost(text: string): string {
  return new URL(text.includes(':') ? `http://[${text}]/` : `http://${text}/`).hostname
}

function withBitFlipped({ version, words }: Address, bit: number): Address {
  return { version, words: words.map((word, at) => (at === bit >> 5 ? word ^ (1 << (31 - (bit & 31))) : word)) }
}

test('M24: the schema of an address or a range takes what is read, and nothing else', () => {
  const schema = new RegExp(cidrShape.pattern)
  const shortened = fc.ipV6().filter((text) => !text.includes('.'))
  const range = fc.tuple(fc.oneof(ipv4Text, shortened), fc.option(fc.nat(140))).map(([text, prefix]) => {
    return prefix === null ? text : `${text}/${prefix}`
  })
  const isMapped = (text: string) => /^(?:0*:)*0*:ffff:/i.test(text)
  fc.assert(
    fc.property(fc.oneof(range, brokenText), (text) => {
      fc.pre(!isMapped(text) && !/:.*\./.test(text))
      expect(schema.test(text), text).toBe(parseCidr(text) !== null)
    }),
    { numRuns: tries(50_000) },
  )
  for (const text of ['::ffff:10.0.0.1', '64:ff9b::8.8.8.8']) expect(schema.test(text), text).toBe(true)
})
