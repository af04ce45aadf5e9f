import type { IncomingMessage } from 'node:http'

// What RFC 9112 demands of a server, and what the parser of Node does not check. A proxy and a server that read one request
// differently disagree about its host or its end.

/** Why a request is refused. */
export type Failure = readonly [status: number, code: string, detail: string]

export const malformed: Failure = [400, 'malformed_request', 'The request is not valid HTTP.']
const twoHosts: Failure = [400, 'malformed_request', 'The request must have one Host header.']
const invalidHost: Failure = [
  400,
  'malformed_request',
  'The Host header must be a host name or an IP address, with an optional port.',
]
const oldChunks: Failure = [400, 'malformed_request', 'HTTP/1.0 does not allow Transfer-Encoding. Send Content-Length.']
const unknownCoding: Failure = [501, 'unknown_transfer_coding', 'Transfer-Encoding must be chunked.']
const otherHost: Failure = [421, 'misdirected_request', 'The host in the URL must equal the Host header.']
const otherVersion: Failure = [505, 'unknown_http_version', 'The HTTP version must be 1.0 or 1.1.']

/** Why the server must refuse a request, or null. A target with a host becomes a path, so that all later code sees one form. */
export function refusalOf(request: IncomingMessage): Failure | null {
  const { headers, httpVersionMajor, httpVersionMinor, rawHeaders } = request
  if (httpVersionMajor !== 1) return otherVersion
  const coding = headers['transfer-encoding']
  if (coding !== undefined && httpVersionMinor === 0) return oldChunks
  if (coding !== undefined && !/^chunked$/i.test(coding)) return /, *chunked$/i.test(coding) ? unknownCoding : malformed
  if (countHosts(rawHeaders) > 1) return twoHosts
  if (headers.host !== undefined && !host.test(headers.host)) return invalidHost
  return request.url?.[0] === '/' ? null : absoluteForm(request)
}

/** `uri-host [ ":" port ]` of RFC 3986. It is empty if the target has no host. */
const host = /^(?:\[[0-9a-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*)(?::\d*)?$/i

/** Node keeps only the first in `headers`. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

/**
 * `GET http://vault.example.com/v1/vaults`. The host of the target counts, and not the Host header. A client sends the same host in
 * both. So another host means that the request belongs to another server.
 */
function absoluteForm(request: IncomingMessage): Failure | null {
  const { url = '', headers } = request
  const [, name, rest = ''] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(url) ?? []
  if (name === undefined) return url === '*' ? null : malformed
  if (!host.test(name)) return invalidHost
  if (name.toLowerCase() !== headers.host?.toLowerCase()) return otherHost
  request.url = rest[0] === '/' ? rest : `/${rest}`
  return null
}
