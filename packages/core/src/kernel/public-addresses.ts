import { type Address, cidrContains, embeddedIpv4, parseAddress, parseCidr } from './ip.ts'

// From the registries of special-purpose addresses that IANA keeps for IPv4 and IPv6. Where a registry marks a part of
// a block as reachable, the whole block is refused all the same: it has no host that an engine would call.
const special = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // behind the NAT of a carrier, and the metadata of one cloud
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and the metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocols, and the metadata of one cloud
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '168.63.129.16', // the host beneath a virtual machine of Azure, at an address that looks public
  '2001::/23', // protocols, among them Teredo
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
].map(range)

/** The part of IPv6 for public hosts. Addresses outside of it are local, multicast, embedding or unassigned. */
const globalUnicast = range('2000::/3')

/** Whether an address belongs to the public internet. For an address that a gateway unwraps, the inner address counts. */
export function isPublic(address: Address): boolean {
  const inside = embeddedIpv4(address)
  if (inside) return isPublic(inside)
  if (address.version === 6 && !cidrContains(globalUnicast, address)) return false
  return !special.some((one) => cidrContains(one, address))
}

const linkLocal = [
  '169.254.0.0/16',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fe80::/10',
  'fd00:ec2::254',
].map(range)

/** Whether an address is link-local, or the metadata address of a cloud. */
export function isLinkLocal(address: Address): boolean {
  const inside = embeddedIpv4(address)
  return inside ? isLinkLocal(inside) : linkLocal.some((one) => cidrContains(one, address))
}

function range(text: string) {
  const cidr = parseCidr(text)
  if (!cidr) throw new Error(`${text} is not an address range.`)
  return cidr
}

/** Names that only a private network resolves, and those of metadata services. */
const privateNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain)$/

/**
 * Whether the host of a URL is public, as far as its text tells.
 *
 * @example
 * isPublicHost('vault.internal') // false
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const address = parseAddress(host)
  if (address) return isPublic(address)
  // A name without a dot is completed by the private network. One that ends with a dot escapes comparisons.
  return host.includes('.') && !host.endsWith('.') && !privateNames.test(host)
}
