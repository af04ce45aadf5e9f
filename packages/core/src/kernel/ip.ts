// Strict parsing of addresses and ranges. Forms that parsers read differently (octal, short forms, scope ids, partial
// text) are refused. IPv4 in IPv6 (`::ffff:10.0.0.1`) becomes the IPv4 address, so that one host has one form.

/** An address as signed 32-bit words: one for IPv4, four for IPv6. */
export interface Address {
  readonly version: 4 | 6
  readonly words: readonly number[]
}

/** A range of addresses. Its network has no bit outside its mask. */
export interface Cidr {
  readonly version: 4 | 6
  readonly prefix: number
  readonly network: readonly number[]
  readonly masks: readonly number[]
}

export function parseAddress(text: string): Address | null {
  const address = parseUnmapped(text)
  return address && isMapped(address) ? ipv4(address.words[3] as number) : address
}

/** Parses `10.0.0.0/8`. A single address becomes a range of one. Host bits are dropped, as in `10.0.0.5/8`. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/')
  const address = parseUnmapped(slash === -1 ? text : text.slice(0, slash))
  if (!address) return null
  const bits = address.words.length * 32
  const prefix = slash === -1 ? bits : parsePrefix(text.slice(slash + 1), bits)
  if (prefix === null) return null
  if (!isMapped(address)) return cidrOf(address, prefix)
  // Below 96 the range would contain IPv4 and IPv6.
  return prefix < 96 ? null : cidrOf(ipv4(address.words[3] as number), prefix - 96)
}

const group = '[0-9A-Fa-f]{1,4}'
const shortened = [1, 2, 3, 4, 5, 6].map((count) => `(?:${group}:){1,${count}}(?::${group}){1,${7 - count}}`)
const ipv6 = [`(?:${group}:){7}${group}`, `(?:${group}:){1,7}:`, `:(?::${group}){1,7}`, '::', ...shortened].join('|')
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const ipv4Text = `${octet}(?:\\.${octet}){3}`

/** The schema of an address, for the API description. */
export const addressShape = {
  type: 'string',
  pattern: `^(?:${ipv4Text}|${ipv6}|(?:::(?:[fF]{4}:)?|64:ff9b::)${ipv4Text})$`,
} as const

/** The schema of an address or a range, for the API description. Only what every dialect of regular expressions has. */
export const cidrShape = {
  type: 'string',
  pattern: `^(?:${[
    `${ipv4Text}(?:/(?:3[0-2]|[12]?[0-9]))?`,
    `(?:${ipv6})(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?`,
    `(?:::(?:[fF]{4}:)?|64:ff9b::)${ipv4Text}`,
  ].join('|')})$`,
} as const

export function cidrContains(cidr: Cidr, address: Address): boolean {
  if (cidr.version !== address.version) return false
  for (let at = 0; at < cidr.network.length; at++) {
    if (((address.words[at] as number) & (cidr.masks[at] as number)) !== cidr.network[at]) return false
  }
  return true
}

/**
 * The IPv4 address to which a gateway forwards: in NAT64 (`64:ff9b::/96`) and 6to4 (`2002::/16`). Deny rules must check
 * both addresses. Allow rules must not use it, because the packet did not come from that IPv4 host.
 */
export function embeddedIpv4({ version, words }: Address): Address | null {
  if (version === 4) return null
  const [first, second, third, fourth] = words as [number, number, number, number]
  if (first === 0x0064ff9b && second === 0 && third === 0) return ipv4(fourth)
  return first >>> 16 === 0x2002 ? ipv4((first << 16) | (second >>> 16)) : null
}

/** The canonical text of an address (RFC 5952). */
export function formatAddress(address: Address): string {
  if (address.version === 4) {
    const [word = 0] = address.words
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`
  }
  const groups = address.words.flatMap((word) => [word >>> 16, word & 0xffff]).map((group) => group.toString(16))
  const zeros = longestZeros(groups)
  if (zeros.length < 2) return groups.join(':')
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`
}

export function formatCidr({ version, network, prefix }: Cidr): string {
  return `${formatAddress({ version, words: network })}/${prefix}`
}

function parseUnmapped(text: string): Address | null {
  if (!text.includes(':')) {
    const word = parseIpv4(text)
    return word === null ? null : ipv4(word)
  }
  const groups = parseIpv6(text)
  if (!groups) return null
  const words = [0, 2, 4, 6].map((at) => ((groups[at] as number) << 16) | (groups[at + 1] as number))
  return { version: 6, words }
}

function ipv4(word: number): Address {
  return { version: 4, words: [word | 0] }
}

function isMapped({ version, words }: Address): boolean {
  return version === 6 && words[0] === 0 && words[1] === 0 && words[2] === 0xffff
}

function parseIpv4(text: string): number | null {
  const parts = text.split('.', 5)
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255))
    return null
  return parts.reduce((word, part) => (word << 8) | Number(part), 0)
}

/** Returns the eight groups, or null. */
function parseIpv6(text: string): number[] | null {
  if (text.length > 45) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves as [string, string?]
  const left = parseGroups(head, tail === undefined)
  const right = tail === undefined ? [] : parseGroups(tail, true)
  if (!left || !right) return null
  const missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  return [...left, ...Array<number>(missing).fill(0), ...right]
}

/** Returns the groups between colons. Only the end of an address can have IPv4 notation. */
function parseGroups(text: string, isEnd: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [at, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else {
      const word = isEnd && at === parts.length - 1 ? parseIpv4(part) : null
      if (word === null) return null
      groups.push(word >>> 16, word & 0xffff)
    }
  }
  return groups
}

function parsePrefix(text: string, bits: number): number | null {
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= bits ? Number(text) : null
}

function cidrOf({ version, words }: Address, prefix: number): Cidr {
  const masks = words.map((_, at) => maskOf(Math.min(32, Math.max(0, prefix - at * 32))))
  return { version, prefix, masks, network: words.map((word, at) => word & (masks[at] as number)) }
}

/** A word with the first bits set. A shift by 32 would shift by 0, so 0 bits are a special case. */
function maskOf(bits: number): number {
  return bits === 0 ? 0 : -1 << (32 - bits)
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let start = 0
  for (let at = 0; at < groups.length; at++) {
    if (groups[at] !== '0') start = at + 1
    else if (at - start + 1 > longest.length) longest = { start, length: at - start + 1 }
  }
  return longest
}
