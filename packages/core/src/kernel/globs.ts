import micromatch from 'micromatch'
import { limits } from './limits.ts'
import { Lru } from './lru.ts'

// Globs over paths. The grammar is small on purpose, so that a pattern means one thing and none can be slow:
//
//   literals   the characters of a path, compared byte for byte
//   *          any characters inside one segment; as a segment of its own, exactly one segment: `*` alone is not everything
//   **         a whole segment only: zero or more segments. `db/**` is `db` and all below it, `**` is every path
//
// micromatch compiles a pattern to a regular expression. That backtracks, so what may nest is bounded: see `tooComplex`.

export interface Glob {
  /** The pattern, with repeated `**` segments made one. */
  readonly pattern: string
  /** Asks about a path in its canonical form, never about a text that was not checked. */
  matches(path: string): boolean
}

export interface GlobProblem {
  /** What is wrong with the pattern, for a person. Never repeats it. */
  readonly problem: string
}

export function parseGlob(text: string): Glob | GlobProblem {
  const problem = problemOf(text)
  return problem === null ? remembered(text) : { problem }
}

/** The compiled pattern, or null when the text is none. Remembers what it compiled. */
export function compileGlob(text: string): Glob | null {
  return compiled.get(text) ?? (problemOf(text) === null ? remembered(text) : null)
}

/** The segments of a pattern, with repeated `**` made one, or null when the text is none. */
export function globSegments(text: string): readonly string[] | null {
  return problemOf(text) === null ? collapsed(text) : null
}

const compiled = new Lru<string, Glob>({ max: 4_096 })

function remembered(text: string): Glob {
  const known = compiled.get(text)
  if (known) return known
  const pattern = collapsed(text).join('/')
  const glob = { pattern, matches: matcherOf(pattern) }
  compiled.set(text, glob)
  return glob
}

/** The common shapes need no regular expression; for the others, both literal ends are compared first. */
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

// The literal that every match ends with. After `**` without its slash, since `**/b` matches `b` too.
function endingOf(pattern: string): string {
  const last = pattern.lastIndexOf('*')
  return pattern.slice(pattern[last - 1] === '*' ? last + 2 : last + 1)
}

function atOrBelow(root: string): (path: string) => boolean {
  const slash = '/'.charCodeAt(0)
  return (path) => path.startsWith(root) && (path.length === root.length || path.charCodeAt(root.length) === slash)
}

/** `debug` makes micromatch throw where it would return an expression that matches nothing, which would lift a deny. */
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
  // Unless slashes are lenient, `a/**` is not `a` to micromatch. Behind a wildcard, as in `a*/**`, it never is.
  const regex = micromatch.makeRe(pattern, { ...options, strictSlashes: !below })
  const root = pattern.slice(0, -3)
  if (!below || !root.slice(root.lastIndexOf('/') + 1).includes('*')) return regex
  return new RegExp(`${regex.source}|${micromatch.makeRe(root, { ...options, strictSlashes: true }).source}`)
}

function collapsed(text: string): string[] {
  const segments = text.split('/')
  if (!text.includes('**/**')) return segments
  return segments.filter((segment, at) => segment !== '**' || segments[at - 1] !== '**')
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
  if (!text.includes('*')) return null
  return tooComplex(collapsed(text))
    ? 'has too many wildcards. Use fewer "**" before the last segment, or fewer "*" in one segment'
    : null
}

/**
 * Whether matching could be slow. A wildcard is open when the expression may have to try it at every length: each `**`
 * with something after it, and the first of two `*` in a segment. One open wildcard costs up to the square of a path's
 * length, two the cube unless little follows them. So: any number of other wildcards beside one open one; two open ones
 * when there are four wildcards in all and not two segments with two `*`; and never three `*` in a segment.
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
