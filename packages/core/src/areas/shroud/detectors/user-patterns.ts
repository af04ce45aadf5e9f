import { RE2JS } from 're2js'

// Patterns of operators. Every pattern runs in linear time, because RE2 never backtracks.

export interface UserPatterns {
  find(text: string): { readonly start: number; readonly end: number }[]
}

const known = new WeakMap<readonly string[], UserPatterns>()
const none: UserPatterns = { find: () => [] }

/** Matches of one pattern in one text that are reported. */
const matchesMax = 20

/** @example userPatterns(['project-[a-z]+']).find('see project-falcon') // [{ start: 4, end: 18 }] */
export function userPatterns(patterns: readonly string[]): UserPatterns {
  if (patterns.length === 0) return none
  const made = known.get(patterns) ?? compiled(patterns)
  known.set(patterns, made)
  return made
}

/** Whether an operator may set it. */
export function isUserPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    return true
  } catch {
    return false
  }
}

/** One that cannot be compiled is not stored. If it is there all the same, the pipeline fails closed. */
function compiled(patterns: readonly string[]): UserPatterns {
  const all = patterns.map((pattern) => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE))
  return {
    find: (text) =>
      all.flatMap((one) => {
        const found: { start: number; end: number }[] = []
        const matcher = one.matcher(text)
        while (found.length < matchesMax && matcher.find()) {
          if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end() })
        }
        return found
      }),
  }
}
