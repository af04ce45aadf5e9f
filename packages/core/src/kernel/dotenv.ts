// Environments as text: lines of KEY=VALUE, blank ones and comments between them.
//
//   KEY=value             up to the end of the line or a comment after a blank; blanks around it do not count
//   KEY='value'           as it stands, over several lines if need be; `value` in backquotes likewise
//   KEY="value"           the same, and \n, \r, \t, \" and \\ are what they are in most languages
//   export KEY=value      for shells
//
// Nothing is expanded: a $ is a $.

export type Env = Readonly<Record<string, string>>

/** A name that every shell takes. */
export function isEnvName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
}

const entry =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(?:'([^']*)'|`([^`]*)`|"((?:\\[\s\S]|[^"\\])*)"|([^\r\n]*?))[ \t]*(?:[ \t]#[^\r\n]*)?$/gm

/** Whatever is no entry is passed over. The last entry of a name counts. */
export function parseEnv(text: string): Env {
  const found: [string, string][] = []
  for (const [, name = '', single, back, double, plain = ''] of text.matchAll(entry)) {
    found.push([name, single ?? back ?? (double === undefined ? plainValue(plain) : unescaped(double))])
  }
  // Not an object that is assigned to: `__proto__` is a name like any other.
  return Object.fromEntries(found)
}

function plainValue(text: string): string {
  return text.startsWith('#') ? '' : text
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, escaped: string) => escapes[escaped] ?? escaped)
}

/** Lines that `parseEnv`, shells' dotenv tools and Node read back as they were. */
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
