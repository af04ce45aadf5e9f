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

/** Parses entries and skips other lines. The last entry of a name wins. */
export function parseEnv(text: string): Env {
  const found: [string, string][] = []
  for (const [, name = '', single, back, double, plain = ''] of text.matchAll(entry)) {
    found.push([name, single ?? back ?? (double === undefined ? plainValue(plain) : unescaped(double))])
  }
  // Object.fromEntries, because `__proto__` is an ordinary name here.
  return Object.fromEntries(found)
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
