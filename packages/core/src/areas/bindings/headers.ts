// The headers that agents can send, and the response headers that they see.

/** Headers that clients and their proxies add on the way. They say nothing about the call, so they are dropped. */
const transport =
  /^(?:content-length|accept-encoding|transfer-encoding|te|trailer|connection|keep-alive|proxy-connection|forwarded|via|x-real-ip|x-forwarded-.*)$/i

/** Returns whether a header is about the connection of the caller, and not about the call. */
export function isTransport(name: string): boolean {
  return transport.test(asServersRead(name))
}

/** Many servers read an underscore in the name of a header as a hyphen. */
export function asServersRead(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/**
 * Headers for authentication, routing, other methods and parts of an answer. Agents cannot set them. A part of an answer
 * could be a slice of the credential that is too short to be found.
 */
const refused =
  /^(?:authorization|cookie|host|expect|upgrade|proxy-.*|x-original-.*|x-rewrite-.*|.*method.*|(?:x-|request-|if-)*range)$/i

/** Returns whether agents can set this header. */
export function isForAgents(name: string): boolean {
  return !refused.test(asServersRead(name)) && !isTransport(name)
}

/** Response headers for agents. Cookies are excluded, because they are credentials. */
const shown =
  /^(?:content-type|content-language|etag|last-modified|location|link|retry-after|date|x-request-id|request-id|x-total-count|(?:x-)?ratelimit(?:-.*)?)$/

export function isShown(name: string): boolean {
  return shown.test(name)
}
