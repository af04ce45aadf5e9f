import { createHash, X509Certificate } from 'node:crypto'
import { parseAddress } from '@pawl/core/surfaces'
import { proxies } from '../web/client-ip.ts'
import { RequestRejected } from '../web/errors.ts'
import type { WebRequest } from '../web/messages.ts'

// A client certificate identifies an agent. It counts when TLS verified it on this connection, or when a trusted proxy
// verified it and sends it in the header that the operator configured. From other senders, the server ignores that header.

const headerCharactersMax = 12_288

/** SHA-256 of the certificate of a request, in hexadecimal digits; null without one. */
export type ClientCertificate = (wire: WebRequest) => string | null

/** @param header where trusted proxies put the certificate: as RFC 9440 has it, as PEM in URL encoding, or as base64 */
export function clientCertificate(header: string | null, trustedProxies: readonly string[] = []): ClientCertificate {
  const isProxy = proxies(trustedProxies)
  const isTrusted = (peer: string | null) => {
    const address = peer === null ? null : parseAddress(peer.replace(/%.*$/, ''))
    return address !== null && isProxy(address)
  }
  return (wire) => {
    const der = wire.certificate?.() ?? null
    if (header === null || !isTrusted(wire.peer)) return der && fingerprint(der)
    // The certificate of the connection is that of the proxy.
    const given = wire.header(header) ?? ''
    return given === '' ? null : fingerprint(derIn(given))
  }
}

function fingerprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex')
}

/** An unreadable header is an error, neither guessed nor ignored: it may contain two certificates (E2). */
function derIn(given: string): Uint8Array {
  const text = given.length > headerCharactersMax ? '' : decoded(given)
  const base64 = text
    .replace(/-----(BEGIN|END) CERTIFICATE-----/g, '')
    .replace(/\s/g, '')
    .replace(/^:(.*):$/, '$1')
  const der = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : null
  try {
    if (der && new X509Certificate(der).raw.equals(der)) return der
  } catch {
    // Told below.
  }
  throw new RequestRejected(403, 'certificate_unreadable', 'The proxy sent a client certificate that cannot be read.')
}

function decoded(given: string): string {
  try {
    return decodeURIComponent(given)
  } catch {
    return ''
  }
}
