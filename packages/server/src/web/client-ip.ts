import { type Address, cidrContains, Lru, parseAddress, parseCidr } from '@pawl/core/surfaces'
import { RequestRejected } from './errors.ts'

// IP rules and limits use the address of the client, so the server trusts nothing that the client could have written. The
// header counts only if the peer of the socket is a trusted proxy, and only back to the last hop that is not a trusted
// proxy (E1).

const forwardedCharactersMax = 2_048
const peersRememberedMax = 10_000

/** The address of the client; null if the socket has none either. Throws if a proxy sends an unreadable header. */
export type ClientIp = (peer: string | null, forwardedFor: string | undefined) => Address | null

/** @param trustedProxies addresses and ranges: `10.0.0.0/8`, `::1` */
export function clientIp(trustedProxies: readonly string[] = []): ClientIp {
  const isProxy = proxies(trustedProxies)
  const peers = new Lru<string, Address>({ max: peersRememberedMax })
  return (peer, forwardedFor) => {
    if (peer === null) return null
    const address = peers.get(peer) ?? remember(peers, peer)
    if (!address || forwardedFor === undefined || trustedProxies.length === 0 || !isProxy(address)) return address
    return firstStranger(forwardedFor, isProxy)
  }
}

function remember(peers: Lru<string, Address>, peer: string): Address | null {
  // The zone of a link-local address names an interface of this machine, not the client.
  const address = parseAddress(peer.replace(/%.*$/, ''))
  if (!address) return null
  peers.set(peer, address)
  return address
}

/** Read from the right, each hop was written by the next one. The first hop that is not a trusted proxy is the client. */
function firstStranger(forwardedFor: string, isProxy: (address: Address) => boolean): Address {
  if (forwardedFor.length > forwardedCharactersMax) throw unreadable()
  let address: Address | null = null
  for (const hop of forwardedFor.split(',').reverse()) {
    address = parseAddress(hop.trim())
    if (!address) throw unreadable()
    if (!isProxy(address)) return address
  }
  return address ?? refuse()
}

function refuse(): never {
  throw unreadable()
}

/** An unreadable address is an error, neither guessed nor ignored: a rule could deny it (E2). */
function unreadable(): RequestRejected {
  return new RequestRejected(
    403,
    'address_unreadable',
    'The proxy in front of this server did not send X-Forwarded-For.',
  )
}

/** Whether an address is a trusted proxy. */
export function proxies(trusted: readonly string[]): (address: Address) => boolean {
  const ranges = trusted.map((text) => {
    const range = parseCidr(text.trim())
    if (!range) throw new TypeError(`${text} is not an address or a range of addresses`)
    return range
  })
  return (address) => ranges.some((range) => cidrContains(range, address))
}
