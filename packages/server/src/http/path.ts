import { RequestRejected } from '../web/errors.ts'

// The server takes a path as it was sent, or refuses it. It does not normalise paths. If two layers normalise differently, a
// policy checks one path and the store uses another (A1).

export interface Target {
  readonly path: string
  /** Without its question mark; empty when there is none. */
  readonly query: string
}

export function splitTarget(target: string): Target {
  const mark = target.indexOf('?')
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/** Two slashes, a slash at the end, `.` or `..`, a backslash, and the ways to encode a dot, a backslash or a zero. */
const ambiguous = /\/\/|.\/$|\/\.\.?(?:\/|$)|\\|%(?:2e|5c|00)/i

/** Whether two programs could read this path as two different paths. */
export function isAmbiguous(path: string): boolean {
  return ambiguous.test(path) || path[0] !== '/'
}

/** One decoded segment of a path. It may contain a slash: a client may send `a%2Fb` for `a/b` (§1.1.3). */
export function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RequestRejected(400, 'invalid_path', 'The path has a percent sign that does not encode a character.')
  }
}

export function ambiguousPath(): RequestRejected {
  const detail = 'The path must not have empty, "." or ".." segments, backslashes, or encodings of them.'
  return new RequestRejected(400, 'invalid_path', detail)
}
