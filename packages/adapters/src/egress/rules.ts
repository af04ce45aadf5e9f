import {
  type Address,
  type Cidr,
  cidrContains,
  formatAddress,
  isLinkLocal,
  isPublic,
  parseAddress,
  parseCidr,
} from '@pawl/core/ports'

// The rules of the operator, and the check of a request against them. The same URL parser reads rules and destinations, so
// different spellings of a host compare as equal.

type Protocol = 'http:' | 'https:'

/** The destination of a request, in the form for checks, resolution, connection and messages. */
export interface Destination {
  readonly protocol: Protocol
  readonly host: string
  /** Null when the host is a name. */
  readonly address: Address | null
  readonly port: number
}

export interface Rule {
  readonly protocol: Protocol
  /** A name, all names that end like this when it begins with a dot, or a range of addresses. */
  readonly hosts: string | Cidr
  readonly port: number
}

const shape = /^(?:(https?):\/\/)?(?:\[([^[\]]+)\]|([^[\]:]+))(?::([0-9]{1,5}))?$/

/** Null if the text is not a rule: `host`, `*.host`, an address or a range, optionally with `:port` and `http://`. */
export function parseRule(text: string): Rule | null {
  // An address of IPv6 alone needs no brackets.
  const alone = parseCidr(text)
  if (alone) return { protocol: 'https:', hosts: alone, port: defaultPorts['https:'] }
  const [, scheme = 'https', bracketed, plain, given] = shape.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined) return null
  const hosts = parseCidr(host) ?? (bracketed === undefined ? parseNames(host) : null)
  const protocol = `${scheme}:` as Protocol
  const port = given === undefined ? defaultPorts[protocol] : Number(given)
  return hosts === null || port < 1 || port > 65_535 ? null : { protocol, hosts, port }
}

const named = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u

/** A name in its one form. An address that is spelled in another way than addresses are is neither. */
function parseNames(text: string): string | null {
  const isWildcard = text.startsWith('*.')
  const name = isWildcard ? text.slice(2) : text
  if (!named.test(name) || !URL.canParse(`https://${name}`)) return null
  const { hostname } = new URL(`https://${name}`)
  if (parseAddress(hostname)) return null
  return isWildcard ? `.${hostname}` : hostname
}

/** Null for a URL that is not one of HTTP, or that carries credentials. */
export function destinationOf(url: URL): Destination | null {
  const { protocol, username, password } = url
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') return null
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  const address = parseAddress(host)
  const port = url.port === '' ? defaultPorts[protocol] : Number(url.port)
  return { protocol, host: address ? formatAddress(address) : host, address, port }
}

const defaultPorts = { 'http:': 80, 'https:': 443 }

export function permits(rules: readonly Rule[], destination: Destination): boolean {
  const { protocol, port } = destination
  return rules.some((rule) => rule.protocol === protocol && rule.port === port && covers(rule.hosts, destination))
}

function covers(hosts: Rule['hosts'], { host, address }: Destination): boolean {
  if (typeof hosts !== 'string') return address !== null && cidrContains(hosts, address)
  return hosts.startsWith('.') ? host.endsWith(hosts) && host.length > hosts.length : host === hosts
}

/**
 * Whether the engine may connect to the address that a permitted destination resolved to. An address outside the public
 * internet needs a separate rule, because the owner of a name decides what the name resolves to.
 */
export function permitsAddress(rules: readonly Rule[], { protocol, port }: Destination, address: Address): boolean {
  return isPublic(address) || permits(rules, { protocol, port, host: formatAddress(address), address })
}

/**
 * The same for a rule of one purpose, which the operator wrote for this one server. Its name may resolve to the private
 * network and to this machine, but not to the metadata addresses where cloud machines get their credentials.
 */
export function vouches(rules: readonly Rule[], destination: Destination, address: Address): boolean {
  return permits(rules, destination) && !isLinkLocal(address)
}

/** The rule that would permit this destination and nothing else. */
export function ruleFor({ protocol, host, port }: Destination): string {
  const scheme = protocol === 'http:' ? 'http://' : ''
  const suffix = port === defaultPorts[protocol] ? '' : `:${port}`
  return `${scheme}${host.includes(':') ? `[${host}]` : host}${suffix}`
}
