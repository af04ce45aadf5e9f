import { parseAddress } from '../../../kernel/ip.ts'
import type { ShroudSettings } from '../settings.ts'
import type { Detector, Hit } from './detector.ts'
import { needlesIn } from './needles.ts'
import { type Pattern, PatternSet } from './patterns.ts'

// Where a text would send data to, or fetch orders from.

export interface Url {
  readonly start: number
  readonly end: number
  /** In lower case. */
  readonly host: string
  readonly port: string
}

const schemes = /(?:https?|ftp|wss?|ldap|gopher|tftp):\/\//g

/** The URLs of a text, and the names of hosts that stand alone with a path, such as `pastebin.com/raw/x`. */
export function urlsIn(lower: string): Url[] {
  const urls: Url[] = []
  for (const { index, 0: scheme } of lower.matchAll(schemes)) {
    const from = index + scheme.length
    const end = endOfUrl(lower, from)
    const authority = lower.slice(from, end).split(/[/?#\\]/, 1)[0] ?? ''
    const hostPort = authority.slice(authority.lastIndexOf('@') + 1)
    const [, host = '', port = ''] = /^(\[[0-9a-f:.%]*\]|[^:]*)(?::([0-9]{1,6}))?/.exec(hostPort) ?? []
    if (host !== '') urls.push({ start: index, end, host, port })
  }
  return urls
}

const urlCharactersMax = 4_096

function endOfUrl(text: string, from: number): number {
  const most = Math.min(text.length, from + urlCharactersMax)
  let at = from
  while (at < most && !isEnd(text.charCodeAt(at))) at++
  while (at > from && '.,;:!?)'.includes(text.charAt(at - 1))) at--
  return at
}

/** Spaces, quotes, angle brackets, backticks and braces end a URL. */
function isEnd(unit: number): boolean {
  return (
    unit <= 32 ||
    unit === 34 ||
    unit === 39 ||
    unit === 60 ||
    unit === 62 ||
    unit === 96 ||
    unit === 123 ||
    unit === 125
  )
}

const rule = (name: string, starts: string, expression: RegExp, message: string): Pattern => ({
  ...{ name, starts, expression, message, severity: 'high', score: 0.8 },
})

const tools = 'curl wget'
export const uploadPatterns = new PatternSet([
  rule(
    'upload',
    'curl',
    /curl [^\n|;]{0,200}(?:-d|--data(?:-binary|-raw|-urlencode)?|-f|--form|-t|--upload-file)[ =]?["']?(?:@|[a-z_]{1,30}=@|\$\(|`|[^\s]{0,40}\$\{?[a-z_]{0,20}(?:key|token|secret|pass|env))/y,
    'The text sends a file or a secret to a server.',
  ),
  rule('upload', 'wget', /wget [^\n|;]{0,200}--post-(?:file|data)/y, 'The text sends data to a server.'),
  rule(
    'upload',
    'curl wget',
    /(?:curl|wget) [^\n|;]{0,300}(?:\?|&)[a-z_]{1,30}=(?:\$\(|`|\$\{?[a-z_]{0,20}(?:key|token|secret|pass|env))/y,
    'The text sends a secret within a URL.',
  ),
  rule(
    'collector',
    tools,
    /(?:curl|wget) [^\n|;]{0,120}https?:\/\/[^\s/]{1,253}\/(?:[^\s/]{1,60}\/){0,4}(?:collect|exfil[a-z]{0,8}|steal|leak|beacon|c2|dump|grab|loot|harvest)\b/y,
    'The text calls a server that collects data.',
  ),
  rule(
    'upload',
    'scp rsync sftp',
    /(?:scp|rsync|sftp) [^\n]{0,120}(?:\.ssh|\.env|id_rsa|\.aws|\/etc\/(?:passwd|shadow)|secrets?|credentials)[^\n]{0,80} [a-z0-9_.-]{1,64}@[a-z0-9.-]{1,253}:/y,
    'The text copies secrets to another machine.',
  ),
  rule(
    'dns_tunnel',
    'dig nslookup host ping',
    /(?:dig|nslookup|host|ping) {1,3}[^\n]{0,40}(?:\$\(|`)[^\n]{1,120}\.[a-z0-9-]{1,63}\.[a-z]{2,12}/y,
    'The text sends data within the name of a host.',
  ),
])

/** Ports that servers of attackers like, and servers of others do not use for the web. */
const oddPorts = new Set([
  '21',
  '22',
  '23',
  '25',
  '135',
  '139',
  '445',
  '1337',
  '1338',
  '2323',
  '3389',
  '4443',
  '4444',
  '4445',
  '5555',
  '6666',
  '6667',
  '7777',
  '8081',
  '8888',
  '9001',
  '9999',
  '12345',
  '13337',
  '31337',
  '54321',
])

export const network: Detector = {
  name: 'network',
  isOn: ({ network: { isOn } }) => isOn,
  detect: ({ shadow }, settings) => {
    const { lower } = shadow
    const { action } = settings.network
    const hit = (name: string, score: number, message: string, start: number, end: number): Hit => ({
      ...{ rule: name, score, message, start, end, action },
      severity: score >= 0.8 ? 'high' : 'medium',
      marker: '[REMOVED:address]',
    })
    const urls = urlsIn(lower)
    const hits = urls.flatMap((url) => {
      const [name, score, message] = judge(url, settings) ?? []
      return name === undefined ? [] : [hit(name, score as number, message as string, url.start, url.end)]
    })
    for (const { start, end } of outsideOf(urls, bareHosts(lower, settings.network.blockedDomains)))
      hits.push(hit('blocked_domain', 0.8, blocked, start, end))
    for (const { pattern, start, end } of uploadPatterns.findIn(shadow, lower)) {
      hits.push(hit(pattern.name, pattern.score, pattern.message, start, end))
    }
    return hits
  },
}

interface Range {
  readonly start: number
  readonly end: number
}

/** The ranges that no URL contains, sorted. The caller sorts the URLs by their starts. */
export function outsideOf(urls: readonly Range[], ranges: readonly Range[]): Range[] {
  let next = 0
  /** The last end of the URLs that begin before the current range. */
  let reached = -1
  return ranges
    .toSorted((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      for (let url = urls[next]; url && url.start <= start; url = urls[++next]) reached = Math.max(reached, url.end)
      return end > reached
    })
}

const blocked = 'The text names a host that the settings block.'

function judge({ host, port }: Url, { network }: ShroudSettings): readonly [string, number, string] | null {
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  if (isUnder(name, network.allowedDomains)) return null
  if (isUnder(name, network.blockedDomains)) return ['blocked_domain', 0.8, blocked]
  if (isMetadataHost(name))
    return ['metadata_service', 0.9, 'The text calls the service of a cloud that gives out credentials.']
  if (isLocal(name)) return null
  if (isAddress(name)) return ['address_literal', 0.6, 'The text calls a machine by its address.']
  if (network.allowedDomains.length > 0)
    return ['not_allowed_domain', 0.7, 'The text names a host that is not in the list of allowed ones.']
  if (oddPorts.has(port)) return ['odd_port', 0.5, 'The text calls a server at a port that is unusual.']
  return null
}

/** Whether a host is one of these domains, or below one. */
export function isUnder(host: string, domains: readonly string[]): boolean {
  return domains.some((given) => {
    const domain = domainOf(given)
    return host === domain || host.endsWith(`.${domain}`)
  })
}

function isMetadataHost(host: string): boolean {
  return (
    host === '169.254.169.254' ||
    host === 'metadata.google.internal' ||
    host === '[fd00:ec2::254]' ||
    host === '100.100.100.200'
  )
}

function isLocal(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^(?:127|10|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))\.[0-9.]{3,11}$/.test(host) ||
    host === '[::1]' ||
    host === '0.0.0.0'
  )
}

/** An address in any way to write it: also as one number, or in hexadecimal. */
function isAddress(host: string): boolean {
  return (
    host.startsWith('[') ||
    parseAddress(host) !== null ||
    /^(?:0x[0-9a-f]{1,8}|[0-9]{8,10}|(?:0[0-7x][0-9a-f]{0,4}\.){3}0?[0-7x][0-9a-f]{0,4})$/.test(host)
  )
}

/** A wildcard stands for its domain and everything below it. */
function domainOf(given: string): string {
  return given.toLowerCase().replace(/^\*?\./, '')
}

const domainsIn = needlesIn(domainOf)

/** Blocked hosts that stand there without a scheme. */
function bareHosts(lower: string, domains: readonly string[]): Range[] {
  const found: Range[] = []
  for (const { text: domain, next } of domainsIn(domains)) {
    for (let at = next(lower, 0); at !== -1; at = next(lower, at + domain.length)) {
      const end = at + domain.length
      if (/[a-z0-9-]/.test(lower.charAt(at - 1)) || /[a-z0-9-]/.test(lower.charAt(end))) continue
      if (lower.charAt(end) === '.' && /[a-z0-9]/.test(lower.charAt(end + 1))) continue
      let start = at
      while (start > 0 && /[a-z0-9.-]/.test(lower.charAt(start - 1)) && at - start < 253) start--
      found.push({ start, end })
    }
  }
  return found
}
