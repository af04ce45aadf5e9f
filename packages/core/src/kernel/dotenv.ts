// The .env format: lines of KEY=VALUE, blank lines and comments.
//
//   KEY=value             up to the line end or to a comment after a space. Spaces around the value are removed
//   KEY='value'           unchanged, also over several lines. `value` in backquotes works in the same way
//   KEY="value"           the same, with the escapes \n, \r, \t, \" and \\
//   export KEY=value      for shells
//
// Variables are not expanded: a $ is a $.

export type Env = Readonly<Record<string, string>>

/** Whether every shell accepts the name. */
export function isEnvName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
}

const entry =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(?:'([^']*)'|`([^`]*)`|"((?:\\[\s\S]|[^"\\])*)"|([^\r\n]*?))[ \t]*(?:[ \t]#[^\r\n]*)?$/gm

export interface EnvFile {
  /** The last entry of a name wins, as in dotenv and in a shell. */
  readonly env: Env
  /** Names with more than one entry. */
  readonly repeated: readonly string[]
  /** Numbers of the lines that are not an entry, a comment or empty. The first line is 1. */
  readonly unreadable: readonly number[]
}

/** Parses entries, and says which lines are not in `env`. */
export function readEnv(text: string): EnvFile {
  const found: [string, string][] = []
  const unreadable: number[] = []
  let end = 0
  let line = 1
  const skip = (between: string) => {
    const lines = between.split(lineEnd)
    for (const [at, one] of lines.entries()) if (/^\s*[^\s#]/.test(one)) unreadable.push(line + at)
    line += lines.length - 1
  }
  for (const match of text.matchAll(entry)) {
    const [whole, name = '', single, back, double, plain = ''] = match
    skip(text.slice(end, match.index))
    end = match.index + whole.length
    line += whole.split(lineEnd).length - 1
    found.push([name, single ?? back ?? (double === undefined ? plainValue(plain) : unescaped(double))])
  }
  skip(text.slice(end))
  const names = found.map(([name]) => name)
  const last = new Map(names.map((name, at) => [name, at]))
  const repeated = new Set(names.filter((name, at) => last.get(name) !== at))
  // Object.fromEntries, because `__proto__` is an ordinary name here.
  return { env: Object.fromEntries(found), repeated: [...repeated], unreadable }
}

// The line ends of `^` and `$`.
const lineEnd = /\r\n|[\n\r\u2028\u2029]/

/** Parses entries and skips other lines. The last entry of a name wins. */
export function parseEnv(text: string): Env {
  return readEnv(text).env
}

function plainValue(text: string): string {
  return text.startsWith('#') ? '' : text
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, escaped: string) => escapes[escaped] ?? escaped)
}

/** Formats entries so that `parseEnv`, dotenv tools and Node read the same values. */
export function formatEnv(env: Env): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('')
}

function quoted(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value
  if (!/['\r\\]/.test(value)) return `'${value}'`
  const escaped = value.replace(/[\\"\n\r\t]/g, (one) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[one] ?? `\\${one}`)
  return `"${escaped}"`
}
