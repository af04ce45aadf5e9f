// The destination of a call: a path below the base URL of the binding. Servers interpret unusual paths differently, and
// an allowed path must not mean another path on the server. So only paths that all servers read alike are accepted. Dot
// segments, empty segments, backslashes and escapes of these are refused in every form (A1).

/** Returns origin and path of an HTTP URL, without a slash at the end. Returns null if it cannot be a base URL. */
export function parseBase(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text)
  const isPlain = (protocol === 'https:' || protocol === 'http:') && `${username}${password}${search}${hash}` === ''
  const path = pathname.replace(/\/$/, '')
  return isPlain && !/[?#]/.test(text) && (path === '' || pathProblem(path) === null) ? `${origin}${path}` : null
}

/** The host of a base URL, with the port if it is not the default. */
export function hostOf(base: string): string {
  return new URL(base).host
}

/** Returns why a path is refused, or null if it is accepted. Never repeats the path. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith('/')) return 'must begin with a slash'
  if (path.length > charactersMax) return `must have at most ${charactersMax} characters`
  if (!/^(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/.test(path)) {
    return 'must have only URL path characters, others as %XX, and no backslash, "?" or "#"'
  }
  const segments = path.slice(1).split('/')
  // To many servers, a slash at the end means another resource, so it is kept.
  if (segments.slice(0, -1).includes('')) return 'must not have two slashes in a row'
  return segments.every(isPlainSegment) ? null : 'must not have "." or ".." as a segment, and no slash or "%" as %XX'
}

const charactersMax = 4_096

function isPlainSegment(segment: string): boolean {
  const decoded = decode(segment)?.normalize('NFKC')
  if (decoded === undefined || /[/\\%\p{Cc}]/u.test(decoded)) return false
  // Some servers remove the text after a semicolon first.
  const [name = ''] = decoded.split(';')
  return !/^\s*\.{1,2}\s*$/.test(name)
}

/** Returns whether a pattern allows the path. A pattern is a path, or a prefix with `*` at the end. */
export function allowsPath(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern))
}

/** Returns the URL of a path below a base. Returns null if a URL parser would read a different path. */
export function joinUrl(base: string, path: string, query: readonly (readonly [string, string])[]): string | null {
  const search = query.map((pair) => pair.map(encode).join('=')).join('&')
  const url = `${base}${path}${search === '' ? '' : `?${search}`}`
  const read = new URL(url)
  const isSame = `${read.origin}${read.pathname}` === (base + path === read.origin ? `${base}/` : base + path)
  return isSame && read.search === (search === '' ? '' : `?${search}`) ? url : null
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("'", '%27')
}

/** Parses the query of a URL. Returns null if an escape is invalid. */
export function parseQuery(text: string): [string, string][] | null {
  const pairs = text.split('&').filter((pair) => pair !== '')
  const parsed = pairs.map((pair) => {
    const at = pair.indexOf('=')
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))] as const
  })
  return parsed.every((pair): pair is [string, string] => !pair.includes(undefined)) ? parsed : null
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
