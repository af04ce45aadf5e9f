import { utf8 } from '@pawl/core/ports'

/** What a `pkcs11:` URI (RFC 7512) says. Everything that is given must fit; what is not given fits everything. */
export interface Pkcs11Uri {
  readonly token: TokenWanted
  readonly object: ObjectWanted
  readonly modulePath: string | null
  /** The file that holds the PIN. */
  readonly pinSource: string | null
}

export interface TokenWanted {
  readonly label?: string
  readonly manufacturer?: string
  readonly serial?: string
  readonly model?: string
  readonly slotId?: number
}

export interface ObjectWanted {
  readonly label?: string
  readonly id?: Uint8Array
  readonly type?: 'private' | 'secret-key'
}

/** The URI is not valid. The message never repeats it, because it may contain a PIN in the wrong place. */
export class UriError extends Error {
  override readonly name = 'UriError'
}

const attributes = ['token', 'manufacturer', 'serial', 'model', 'slot-id', 'object', 'id', 'type'] as const
const queries = ['module-path', 'pin-source'] as const

const refused: Readonly<Record<string, string>> = {
  'pin-value':
    'pin-value is not allowed, because other users can see arguments and environments. Put the PIN into a file and set pin-source',
  'module-name': 'module-name is not allowed, because its meaning depends on the machine. Set module-path to the file',
}

/**
 * Parses a URI of RFC 7512, and refuses unknown attributes: an attribute that Pawl does not understand is a condition that
 * it cannot check.
 *
 * @example
 * parseUri('pkcs11:token=pawl?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/secrets/pin')
 */
export function parseUri(uri: string): Pkcs11Uri {
  const [, path, query = ''] = /^pkcs11:([^?]*)(?:\?(.*))?$/s.exec(uri) ?? []
  if (path === undefined) throw new UriError('a PKCS#11 URI must begin with pkcs11:')
  const given = readParts(path, ';', attributes)
  const asked = readParts(query, '&', queries)
  return {
    token: tokenOf(given),
    object: objectOf(given),
    modulePath: modulePathOf(asked),
    pinSource: pinSourceOf(asked),
  }
}

/**
 * Writes the URI of a token, as `parseUri` reads it.
 *
 * @example
 * tokenUri('pawl', '/usr/lib/softhsm/libsofthsm2.so') // pkcs11:token=pawl?module-path=/usr/lib/softhsm/libsofthsm2.so
 */
export function tokenUri(label: string, modulePath: string, pinSource: string | null = null): string {
  const path = (text: string) => text.split('/').map(encode).join('/')
  // After `file:` two slashes begin a host (RFC 8089), so a path that begins with two has an empty host before it.
  const file = pinSource?.startsWith('//') ? 'file://' : 'file:'
  const source = pinSource === null ? '' : `&pin-source=${file}${path(pinSource)}`
  return `pkcs11:token=${encode(label)}?module-path=${path(modulePath)}${source}`
}

type Parts = ReadonlyMap<string, Uint8Array>

function readParts(text: string, separator: string, known: readonly string[]): Parts {
  const parts = new Map<string, Uint8Array>()
  for (const part of text === '' ? [] : text.split(separator)) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? []
    if (refused[name]) throw new UriError(refused[name])
    if (!known.includes(name)) throw new UriError(`only ${known.join(', ')} are allowed here`)
    if (parts.has(name)) throw new UriError(`${name} must be given only once`)
    parts.set(name, decode(name, value))
  }
  return parts
}

/** The characters that RFC 7512 lets stand for themselves, in a path and in a query; all others are percent-encoded. */
const plain = /^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=&/?|]|%[0-9A-Fa-f]{2})*$/

function decode(name: string, value: string): Uint8Array {
  if (value === '') throw new UriError(`${name} must not be empty`)
  if (!plain.test(value)) throw new UriError(`${name} has a character that must be percent-encoded`)
  const bytes = Buffer.from(
    value.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  )
  return new Uint8Array(bytes)
}

function encode(text: string): string {
  const escaped = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return Array.from(utf8(text), (byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escaped(byte)
  }).join('')
}

function textOf(parts: Parts, name: string): string | undefined {
  const bytes = parts.get(name)
  if (!bytes) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UriError(`${name} must be UTF-8`)
  }
}

function tokenOf(parts: Parts): TokenWanted {
  const slotId = textOf(parts, 'slot-id')
  if (slotId !== undefined && !/^[0-9]{1,10}$/.test(slotId)) throw new UriError('slot-id must be a decimal number')
  return present({
    label: textOf(parts, 'token'),
    manufacturer: textOf(parts, 'manufacturer'),
    serial: textOf(parts, 'serial'),
    model: textOf(parts, 'model'),
    slotId: slotId === undefined ? undefined : Number(slotId),
  })
}

function objectOf(parts: Parts): ObjectWanted {
  const type = textOf(parts, 'type')
  if (type !== undefined && type !== 'private' && type !== 'secret-key') {
    throw new UriError('type must be private or secret-key')
  }
  return present({ label: textOf(parts, 'object'), id: parts.get('id'), type })
}

function modulePathOf(parts: Parts): string | null {
  const path = textOf(parts, 'module-path') ?? null
  if (path !== null && !path.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(path)) {
    throw new UriError('module-path must be absolute, so that it does not depend on the working directory')
  }
  return path
}

function pinSourceOf(parts: Parts): string | null {
  const source = textOf(parts, 'pin-source')
  if (source === undefined) return null
  const path = source.replace(/^file:(?:\/\/(?=\/))?/, '')
  if (!path.startsWith('/')) throw new UriError('pin-source must be file: and an absolute path')
  return path
}

/** Without the fields that were not given. */
function present<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
