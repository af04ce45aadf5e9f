import { limits } from '../../kernel/limits.ts'

// A path names one secret inside a vault: `db/password`, `tls/api.example.com/tls.crt`.
//
//   path    = segment *( "/" segment ), at most 512 bytes, compared byte for byte
//   segment = letters, digits, "_", "-" and "."; neither its first nor its last character is a dot or a dash
//   and the path as a whole begins and ends with a letter or a digit
//
// Nothing is folded, decoded or trimmed: a text is a path as it stands, or it is none. So a path has one spelling, and
// the policy that was asked about a path and the store that holds it cannot mean different ones (A1, A2, A15).

const segment = '[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?'
const path = new RegExp(`^(?!_)${segment}(?:/${segment})*(?<!_)$`)

/** The canonical form of a path, for reading as for writing; null when the text is no path. */
export function canonicalPath(text: string): string | null {
  return text.length <= limits.pathBytesMax && path.test(text) ? text : null
}

/** Whether some path begins with this text: what a list may be narrowed to. The empty text is one. */
export function isPathPrefix(text: string): boolean {
  return text === '' || canonicalPath(text) !== null || canonicalPath(`${text}x`) !== null
}

/** Why a text is no path, for a person, or null when it is one. Never repeats the text. */
export function pathProblem(text: string): string | null {
  if (canonicalPath(text) !== null) return null
  if (text === '') return 'must not be empty'
  // Before everything else: a text in another script may be longer in bytes than it looks.
  if (!/^[A-Za-z0-9_./-]*$/.test(text))
    return 'must have only the letters A to Z and a to z, digits, "_", "-", "." and "/"'
  if (text.length > limits.pathBytesMax) return `must be at most ${limits.pathBytesMax} bytes long`
  if (text.startsWith('/') || text.endsWith('/')) return 'must not begin or end with a slash'
  const segments = text.split('/')
  if (segments.includes('')) return 'must not have two slashes in a row'
  if (segments.some((part) => part === '.' || part === '..')) return 'must not have "." or ".." as a segment'
  if (segments.some((part) => /^[.-]|[.-]$/.test(part)))
    return 'must not have a segment that begins or ends with a dot or a dash'
  return 'must begin and end with a letter or a digit'
}
