// Where a call goes: a path below the base of the binding. Servers do not agree on what a path means that is spelled in
// an unusual way, and one that is allowed here must not be another one there. So only what all of them read alike is
// taken: no dot segments, empty segments, backslashes or escapes of these, in any disguise (A1).

/** Origin and path of a URL of HTTP, without a slash at its end; null when it is none that calls may start from. */
export function parseBase(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text)
  const isPlain = (protocol === 'https:' || protocol === 'http:') && `${username}${password}${search}${hash}` === ''
  const path = pathname.replace(/\/$/, '')
  return isPlain && !/[?#]/.test(text) && (path === '' || pathProblem(path) === null) ? `${origin}${path}` : null
}

/** The host of a base, with its port where it is not the usual one. */
export function hostOf(base: string): string {
  return new URL(base).host
}

/** Why a path is not taken, for a person; null when it is. Never repeats it. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith('/')) return 'must begin with a slash'
  if (path.length > charactersMax) return `must have at most ${charactersMax} characters`
  if (!/^(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/.test(path)) {
    return 'must have only URL path characters, others as %XX, and no backslash, "?" or "#"'
  }
  const segments = path.slice(1).split('/')
  // One slash at the end is a name of its own to many servers.
  if (segments.slice(0, -1).includes('')) return 'must not have two slashes in a row'
  return segments.every(isPlainSegment) ? null : 'must not have "." or ".." as a segment, and no slash or "%" as %XX'
}

const charactersMax = 4_096

function isPlainSegment(segment: string): boolean {
  const decoded = decode(segment)?.normalize('NFKC')
  if (decoded === undefined || /[/\\%\p{Cc}]/u.test(decoded)) return false
  // What follows a semicolon is taken away by some before they look at the rest.
  const [name = ''] = decoded.split(';')
  return !/^\s*\.{1,2}\s*$/.test(name)
}

/** Whether one of the patterns allows the path: the path itself, or its beginning up to a `*` at the end. */
export function allowsPath(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern))
}

/** The URL of a path below a base, or null when a parser of URLs would read it as another one. */
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

/** The names and values of a query as it stands in a URL; null when an escape in it is none. */
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
