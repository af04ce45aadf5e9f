import micromatch from 'micromatch'
import { limits } from './limits.ts'
import { Lru } from './lru.ts'

// Globs over paths. The grammar is small, so that a pattern has one meaning and matching is never slow:
//
//   literals   the characters of a path, compared byte for byte
//   *          any characters within one segment. As a whole segment, exactly one segment. So `*` is not every path
//   **         only as a whole segment: zero or more segments. `db/**` is `db` and everything below, `**` every path
//
// micromatch compiles a pattern to a regular expression, which can backtrack. `tooComplex` limits the nesting.

export interface Glob {
  /** The pattern, with repeated `**` segments merged. */
  readonly pattern: string
  /** Matches a canonical path. Never pass an unchecked text. */
  matches(path: string): boolean
}

export interface GlobProblem {
  /** The problem of the pattern. Never repeats the pattern. */
  readonly problem: string
}

export function parseGlob(text: string): Glob | GlobProblem {
  const problem = problemOf(text)
  return problem === null ? remembered(text) : { problem }
}

/** Returns the compiled pattern, or null if the text is not a pattern. Caches patterns. */
export function compileGlob(text: string): Glob | null {
  return compiled.get(text) ?? (problemOf(text) === null ? remembered(text) : null)
}

/** Returns the segments with repeated `**` merged, or null if the text is not a pattern. */
export function globSegments(text: string): readonly string[] | null {
  return problemOf(text) === null ? collapsed(text) : null
}

// Only what every dialect of regular expressions has.
const [outerEdge, edge, inside] = ['[A-Za-z0-9]', '[A-Za-z0-9_]', '[A-Za-z0-9_.-]']
const several = `${segmentShape(outerEdge, edge)}(?:/${segmentShape(edge, edge)})*/${segmentShape(edge, outerEdge)}`

/** The schema of a pattern, for the API description. It does not say that `tooComplex` patterns are refused. */
export const globShape = {
  type: 'string',
  minLength: 1,
  maxLength: limits.pathBytesMax,
  pattern: `^(?:${segmentShape(outerEdge, outerEdge)}|${several})$`,
} as const

const compiled = new Lru<string, Glob>({ max: 4_096 })

function remembered(text: string): Glob {
  const known = compiled.get(text)
  if (known) return known
  const pattern = collapsed(text).join('/')
  const glob = { pattern, matches: matcherOf(pattern) }
  compiled.set(text, glob)
  return glob
}

/** Common patterns need no regular expression. For others, both literal ends are compared first. */
function matcherOf(pattern: string): (path: string) => boolean {
  const wildcard = pattern.indexOf('*')
  if (pattern === '**') return () => true
  if (wildcard === -1) return (path) => path === pattern
  const literal = pattern.slice(0, wildcard)
  if (wildcard === pattern.length - 2 && pattern.endsWith('/**')) return atOrBelow(literal.slice(0, -1))
  const regex = compileRegex(pattern)
  const ending = endingOf(pattern)
  return (path) => path.startsWith(literal) && path.endsWith(ending) && regex.test(path)
}

// The literal end of every match. After `**` it has no slash, because `**/b` also matches `b`.
function endingOf(pattern: string): string {
  const last = pattern.lastIndexOf('*')
  return pattern.slice(pattern[last - 1] === '*' ? last + 2 : last + 1)
}

function atOrBelow(root: string): (path: string) => boolean {
  const slash = '/'.charCodeAt(0)
  return (path) => path.startsWith(root) && (path.length === root.length || path.charCodeAt(root.length) === slash)
}

/**
 * With `debug`, micromatch throws for an invalid pattern. Otherwise it would match nothing, and a deny would not apply.
 */
const options = {
  noext: true,
  nobrace: true,
  nobracket: true,
  nonegate: true,
  windows: false,
  debug: true,
}

function compileRegex(pattern: string): RegExp {
  const below = pattern.endsWith('/**')
  // With strict slashes, `a/**` does not match `a` in micromatch. After a wildcard (`a*/**`) it never does.
  const regex = micromatch.makeRe(pattern, { ...options, strictSlashes: !below })
  const root = pattern.slice(0, -3)
  if (!below || !root.includes('*')) return regex
  return new RegExp(`${regex.source}|${micromatch.makeRe(root, { ...options, strictSlashes: true }).source}`)
}

/** One segment whose literal characters begin and end as given. A `**` stands alone. */
function segmentShape(begin: string, end: string): string {
  const alone = begin === edge && end === edge ? edge : outerEdge
  const longer = `(?:${begin}|\\*${inside})(?:\\*?${inside})*(?:\\*?${end}|\\*)`
  return `(?:\\*\\*?|${alone}|${begin}\\*|\\*${end}|\\*${edge}\\*|${longer})`
}

function collapsed(text: string): string[] {
  return text.split('/').filter((segment, at, all) => segment !== '**' || all[at - 1] !== '**')
}

function problemOf(text: string): string | null {
  if (text === '') return 'must not be empty'
  if (/[^A-Za-z0-9_./*-]/.test(text))
    return 'must have only letters, digits, "_", "-", ".", "/" and the wildcards "*" and "**"'
  if (text.length > limits.pathBytesMax) return `must be at most ${limits.pathBytesMax} bytes long`
  if (text.startsWith('/') || text.endsWith('/')) return 'must not begin or end with a slash'
  if (text.includes('//')) return 'must not have two slashes in a row'
  if (/[^/]\*\*|\*\*[^/]/.test(text)) return 'must use "**" only as a whole segment, as in "db/**"'
  if (/(?:^|\/)[.-]|[.-](?:\/|$)/.test(text))
    return 'matches no path, because no segment of a path begins or ends with a dot or a dash'
  if (text.startsWith('_') || text.endsWith('_'))
    return 'matches no path, because a path begins and ends with a letter or a digit'
  return tooComplex(collapsed(text))
    ? 'has too many wildcards. Use fewer "**" before the last segment, or fewer "*" in one segment'
    : null
}

/**
 * Returns whether matching could be slow. A wildcard is open if the expression may try it at every length: each `**`
 * with something after it, and the first of two `*` in a segment. One open wildcard costs up to the square of the path
 * length. Two open wildcards cost the cube if much follows them.
 *
 * Allowed: any number of other wildcards with one open wildcard. Two open wildcards, if there are at most four
 * wildcards and at most one segment with two `*`. Never three `*` in a segment.
 */
function tooComplex(segments: readonly string[]): boolean {
  let [wild, pairs, open] = [0, 0, 0]
  for (const [at, segment] of segments.entries()) {
    if (!segment.includes('*')) continue
    wild++
    const stars = segment === '**' ? 0 : segment.split('*').length - 1
    if (stars > 2) return true
    if (stars === 2) pairs++
    if (segment === '**' && at < segments.length - 1) open++
  }
  open += pairs
  return pairs > 1 || open > 2 || (open === 2 && wild + pairs > 4)
}
