// Which headers agents send, and which of an answer they see.

/** Those that say who asks, where a request goes and ends, and what it is taken for by what stands before a service. */
const ours =
  /^(?:authorization|cookie|host|content-length|accept-encoding|transfer-encoding|te|trailer|expect|connection|keep-alive|upgrade|forwarded|via|proxy-.*|x-forwarded-.*|x-original-.*|x-rewrite-.*|.*method.*)$/i

/** Whether agents may set this header. */
export function isForAgents(name: string): boolean {
  return !ours.test(name)
}

/** What is worth knowing of an answer. Cookies are not: they are credentials. */
const shown =
  /^(?:content-type|content-language|etag|last-modified|location|link|retry-after|date|x-request-id|request-id|x-total-count|(?:x-)?ratelimit(?:-.*)?)$/

export function isShown(name: string): boolean {
  return shown.test(name)
}
