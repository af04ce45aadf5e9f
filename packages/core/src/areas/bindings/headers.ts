// The headers that agents can send, and the response headers that they see.

/** Headers for authentication, routing, framing and proxies. Agents cannot set them. */
const ours =
  /^(?:authorization|cookie|host|content-length|accept-encoding|transfer-encoding|te|trailer|expect|connection|keep-alive|upgrade|forwarded|via|proxy-.*|x-forwarded-.*|x-original-.*|x-rewrite-.*|.*method.*)$/i

/** Returns whether agents can set this header. */
export function isForAgents(name: string): boolean {
  return !ours.test(name)
}

/** Response headers for agents. Cookies are excluded, because they are credentials. */
const shown =
  /^(?:content-type|content-language|etag|last-modified|location|link|retry-after|date|x-request-id|request-id|x-total-count|(?:x-)?ratelimit(?:-.*)?)$/

export function isShown(name: string): boolean {
  return shown.test(name)
}
