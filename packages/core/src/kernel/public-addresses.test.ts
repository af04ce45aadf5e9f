import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from './ip.ts'
import { isPublic } from './public-addresses.ts'

// The blocks of the two IANA registries that are not globally reachable, one by one, with multicast and what is reserved.
const notReachable = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '255.255.255.255/32'],
  ...['::/128', '::1/128', '::/96', '64:ff9b:1::/48', '100::/64', '100:0:0:1::/64', '2001::/23', '2001:db8::/32'],
  ...['2001:10::/28', '2001:2::/48', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]

const blocks = new BlockList()
for (const block of notReachable) {
  const [network = '', prefix] = block.split('/')
  blocks.addSubnet(network, Number(prefix), familyOf(network))
}

const word = fc.oneof(
  fc.nat(0xffff),
  fc.constantFrom(0, 1, 0x2001, 0xfe80, 0xfc00, 0xff02, 0x64, 0xff9b, 0xdb8, 0xffff),
)
const ipv4 = fc.oneof(
  fc.ipV4(),
  // Near the ends of every block, where a range that is a bit too short or too long shows.
  fc
    .tuple(fc.constantFrom(...notReachable.filter((block) => block.includes('.'))), fc.constantFrom(-1, 0))
    .chain(([block, past]) => fc.constantFrom(edge(block, 0, past), edge(block, 1, -1 - past))),
)
const ipv6 = fc.oneof(
  fc.array(word, { minLength: 8, maxLength: 8 }).map((words) => words.map((one) => one.toString(16)).join(':')),
  fc
    .constantFrom(...notReachable.filter((block) => block.includes(':')))
    .chain((block) => word.map((last) => `${block.split('::')[0] || '0'}::${last.toString(16)}`)),
)

describe('an address', () => {
  it('of IPv4 is public when no registry says otherwise', () => {
    fc.assert(fc.property(ipv4, (text) => publicness(text) === !blocks.check(text)))
  })

  it('of IPv6 that a registry says is not reachable is not public', () => {
    fc.assert(
      fc.property(ipv6, (text) => {
        fc.pre(blocks.check(text, 'ipv6'))
        expect(publicness(text)).toBe(false)
      }),
    )
  })

  it('of IPv6 is public only in 2000::/3, or when a gateway makes it one of IPv4 that is', () => {
    const global = new BlockList()
    global.addSubnet('2000::', 3, 'ipv6')
    global.addSubnet('64:ff9b::', 96, 'ipv6')
    global.addSubnet('::ffff:0:0', 96, 'ipv6')
    fc.assert(fc.property(ipv6, (text) => !publicness(text) || global.check(text, 'ipv6')))
  })

  it('E3: of IPv4 is judged alike in every form of IPv6 that leads to it', () => {
    fc.assert(
      fc.property(ipv4, (text) => {
        const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
        const halves = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
        for (const form of [`::ffff:${text}`, `::ffff:${halves}`, `64:ff9b::${halves}`, `2002:${halves}::1`]) {
          expect(publicness(form), form).toBe(publicness(text))
        }
      }),
    )
  })

  it.each([
    ['one of a host', '93.184.215.14', true],
    ['one of a host, in IPv6', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
    ['the metadata of most clouds', '169.254.169.254', false],
    ['the metadata of AWS in IPv6', 'fd00:ec2::254', false],
    ['the metadata of Alibaba', '100.100.100.200', false],
    ['the metadata of Oracle', '192.0.0.192', false],
    ['the wire server of Azure', '168.63.129.16', false],
  ])('that is %s is what it is', (_, text, expected) => {
    expect(publicness(text)).toBe(expected)
  })
})

function publicness(text: string): boolean {
  const address = parseAddress(text)
  if (!address) throw new Error(`${text} is no address`)
  return isPublic(address)
}

function familyOf(text: string): 'ipv4' | 'ipv6' {
  return text.includes(':') ? 'ipv6' : 'ipv4'
}

/** The first address of a block, or the one after its last, and so many further. */
function edge(block: string, side: 0 | 1, past: number): string {
  const [network = '', prefix] = block.split('/')
  const first = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const at = (first + side * 2 ** (32 - Number(prefix)) + past + 2 ** 32) % 2 ** 32
  return formatAddress({ version: 4, words: [at | 0] })
}
