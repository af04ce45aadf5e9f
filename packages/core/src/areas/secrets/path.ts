import { limits } from '../../kernel/limits.ts'

// A path names one secret in a vault: `db/password`, `tls/api.example.com/tls.crt`.
//
//   path    = segment *( "/" segment ), at most 512 bytes, compared byte for byte
//   segment = letters, digits, "_", "-" and ".". Its first and last characters are not a dot or a dash
//   The whole path begins and ends with a letter or a digit
//
// A text is either a canonical path or invalid. It is never decoded, trimmed or changed to lowercase. So a path has one
// spelling, and the policy and the storage always mean the same path (A1, A2, A15).

// Only what every dialect of regular expressions has, because the API description contains these expressions.
const end = '[A-Za-z0-9]'
const inside = '[A-Za-z0-9_.-]*'
const edge = '[A-Za-z0-9_]'
const segments = `${end}(?:${inside}${edge})?(?:/${edge}(?:${inside}${edge})?)*/`
const path = new RegExp(`^(?:${end}(?:${inside}${end})?|${segments}(?:${edge}${inside})?${end})$`)
const prefix = new RegExp(`^(?:${end}${inside}|${segments}(?:${edge}${inside})?)?$`)

/** The schema of a path, and of the beginning of one, for the API description. */
export const pathShape = { type: 'string', minLength: 1, maxLength: limits.pathBytesMax, pattern: path.source } as const
export const prefixShape = { type: 'string', maxLength: limits.pathBytesMax, pattern: prefix.source } as const

/** Returns the canonical path, for reads and writes. Returns null if the text is not a path. */
export function canonicalPath(text: string): string | null {
  return text.length <= limits.pathBytesMax && path.test(text) ? text : null
}

/** Returns whether a path can begin with this text, for list filters. The empty text is valid. */
export function isPathPrefix(text: string): boolean {
  return text.length <= limits.pathBytesMax && prefix.test(text)
}

/** Returns why a text is not a path, or null if it is one. Never repeats the text. */
export function pathProblem(text: string): string | null {
  if (canonicalPath(text) !== null) return null
  if (text === '') return 'must not be empty'
  // First, because text in other scripts has more bytes than characters.
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
