import { isPublicHost } from '../../kernel/public-addresses.ts'
import { isThisMachine } from '../../kernel/this-machine.ts'

// Where a browser may be sent with the answer of a sign-in (OAuth). One rule says what can be registered, and one what is
// registered, so that no link leads to another place.

/**
 * Why an app cannot register this URI, or null. HTTPS, or a loopback address for development (RFC 8252, section 7.3).
 *
 * @example
 * redirectProblem('http://localhost:3000/callback') // null
 */
export function redirectProblem(text: string): string | null {
  if (!URL.canParse(text) || /[\s\\*]/.test(text)) return 'must be URLs without wildcards'
  const { protocol, username, password, hostname } = new URL(text)
  if (`${username}${password}` !== '') return 'must not contain credentials'
  if (text.includes('#')) return 'must not have a fragment'
  if (isLoopback(text)) return null
  if (protocol !== 'https:') return 'must begin with https://, or with http:// for localhost'
  if (hostname.startsWith('[') || !isPublicHost(hostname)) return 'must have a public host'
  return null
}

/**
 * Returns whether an app registered this URI. The text must be equal. For a loopback address, the port can be any.
 *
 * @example
 * matchesRedirect(['http://localhost:3000/callback'], 'http://localhost:4567/callback') // true
 */
export function matchesRedirect(registered: readonly string[], given: string): boolean {
  if (registered.includes(given)) return true
  if (redirectProblem(given) !== null || !isLoopback(given)) return false
  return registered.some((one) => isLoopback(one) && withoutPort(one) === withoutPort(given))
}

/** Returns whether a link may lead there after a claim: to the origin of a registered URI. */
export function matchesOrigin(registered: readonly string[], given: string): boolean {
  if (redirectProblem(given) !== null) return false
  const { origin } = new URL(given)
  return registered.some((one) => new URL(one).origin === origin) || isLoopback(given)
}

function isLoopback(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && isThisMachine(hostname)
}

/** Made from the parsed URL, so that no other spelling of the host counts. */
function withoutPort(text: string): string {
  const { protocol, hostname, pathname, search } = new URL(text)
  return `${protocol}//${hostname}${pathname}${search}`
}
