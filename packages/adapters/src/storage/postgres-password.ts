import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { StorageUnusable } from '@pawl/core/ports'

interface Login {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/**
 * The password in the file PGPASSFILE, by the rules of psql, or an empty text where no line fits. It is read for each
 * connection, so a new password needs no restart.
 */
export async function passwordInFile(login: Login): Promise<string> {
  const given = process.env.PGPASSFILE
  const path = given ?? defaultPath()
  const text = read(path)
  if (text === null && given !== undefined) throw new StorageUnusable(`PGPASSFILE: ${path} cannot be read.`)
  // A socket is its folder, which psql calls localhost.
  const hosts = login.host.startsWith('/') ? [login.host, 'localhost'] : [login.host]
  const wanted = [hosts, [`${login.port}`], [login.database], [login.user]]
  for (const line of (text ?? '').split(/\r?\n/)) {
    const [password = '', ...place] = fieldsOf(line).reverse()
    const fits = place.reverse().every((one, at) => one === '*' || wanted[at]?.includes(unescaped(one)))
    if (password !== '' && fits) return unescaped(password)
  }
  return ''
}

/** The text of a file that only its owner can access, or null where it cannot be read. */
function read(path: string): string | null {
  let mode: number
  let text: string
  try {
    mode = statSync(path).mode
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  if ((mode & 0o077) === 0 || process.platform === 'win32' || isCredential(path)) return text
  throw new StorageUnusable(
    `Other users of this machine can access ${path}, which holds passwords. Run chmod 600 on it.`,
  )
}

/** Systemd gives one user access to a credential by an ACL, which its mode shows as access of the group. */
function isCredential(path: string): boolean {
  const { CREDENTIALS_DIRECTORY: folder } = process.env
  return folder !== undefined && dirname(path) === folder
}

function defaultPath(): string {
  return process.platform === 'win32'
    ? join(process.env.APPDATA ?? '', 'postgresql', 'pgpass.conf')
    : join(homedir(), '.pgpass')
}

const field = String.raw`((?:\\.|[^\\:])*)`
const fields = new RegExp(`^(?!#)${field}:${field}:${field}:${field}:(.*)$`)

/** The host, the port, the database, the user and the password of a line; nothing for a comment. */
function fieldsOf(line: string): string[] {
  return fields.exec(line)?.slice(1) ?? []
}

/** A backslash lets a character of a field stand for itself. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}
