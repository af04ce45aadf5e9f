import { type DigestSigning, type Hsm, HsmError, type Sealable, utf8 } from '@pawl/core/ports'
import { Connection } from './pkcs11/connection.ts'
import { Driver } from './pkcs11/driver.ts'
import { type TokenDescription, TokenError, type Wrapping } from './pkcs11/protocol.ts'
import { parseUri, tokenUri } from './pkcs11/uri.ts'

export { readPin } from './pkcs11/pin.ts'
export { verifies } from './pkcs11/point.ts'
export type { TokenDescription, Wrapping } from './pkcs11/protocol.ts'
export { type Pkcs11Uri, parseUri, UriError } from './pkcs11/uri.ts'

export interface Pkcs11Options {
  /** RFC 7512: names one token and, with `module-path`, the module that accesses it. */
  readonly uri: string
  /** Instead of the `pin-source` of the URI. Without either, the HSM is sealed until it is unsealed with the PIN. */
  readonly pin?: string | Uint8Array
  /** How new wrapping keys wrap. Default: AES-GCM if the token supports it, otherwise HMAC. */
  readonly wrapping?: Wrapping
  /** The timeout of a call to the token. After it, the driver process is stopped. */
  readonly timeoutMs?: number
}

/** What an operator may ask of a token, beyond the port. */
export interface Describing {
  describe(): Promise<TokenDescription>
}

const defaultTimeoutMs = 10_000
const wrapBytesMax = 4096

/**
 * Keys in a PKCS#11 token. They are made and used in the token, and never leave it. The driver runs in a separate process,
 * so a driver that crashes or hangs fails one call and not the vault.
 *
 * @example
 * const hsm = pkcs11({
 *   uri: 'pkcs11:token=pawl?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/secrets/pin',
 * })
 */
export function pkcs11(options: Pkcs11Options): Hsm & DigestSigning & Sealable & Describing {
  const connection = new Connection(connecting(options))
  return {
    provider: 'pkcs11',
    createKey: (uri, type) => connection.createKey(uri, type),
    publicKey: async (uri) => plain(await connection.call('publicKey', uri)),

    sign: async (uri, message) => {
      checkBytes('message', message)
      return plain(await connection.call('sign', uri, message))
    },

    signDigest: async (uri, digest) => {
      checkDigest(digest)
      return plain(await connection.call('signDigest', uri, digest))
    },

    wrap: async (uri, plaintext, associated) => {
      checkBytes('plaintext', plaintext)
      checkBytes('associated', associated)
      if (plaintext.length > wrapBytesMax) throw new RangeError(`plaintext must be at most ${wrapBytesMax} bytes`)
      return plain(await connection.call('wrap', uri, plaintext, associated))
    },

    unwrap: async (uri, wrapped, associated) => {
      checkBytes('wrapped', wrapped)
      checkBytes('associated', associated)
      return plain(await connection.call('unwrap', uri, wrapped, associated))
    },

    destroyKey: (uri) => connection.destroyKey(uri),
    describe: () => connection.call('describe'),
    seal: () => connection.seal(),
    unseal: (secret) => connection.unseal(secret),
    status: () => connection.status(),
    close: () => connection.close(),
  }
}

function connecting({ uri, pin, wrapping = undefined, timeoutMs = defaultTimeoutMs }: Pkcs11Options) {
  const { token, object, modulePath, pinSource } = parseUri(uri)
  if (Object.keys(object).length > 0) throw new RangeError('uri must name a token: object, id and type name a key')
  if (modulePath === null) throw new RangeError('uri must name the module: add ?module-path=/path/to/the/module.so')
  if (pin !== undefined && pinSource !== null)
    throw new RangeError('pin and the pin-source of the uri must not both be set')
  return {
    modulePath,
    token,
    pinSource,
    pin: typeof pin === 'string' ? utf8(pin) : (pin ?? null),
    wrapping: wrapping ?? null,
    timeoutMs,
  }
}

export interface NewToken {
  readonly modulePath: string
  readonly label: string
  /** Of the security officer, who sets user PINs and uses no key. */
  readonly soPin: Uint8Array
  readonly pin: Uint8Array
  /** The file in which the PIN will be found, for the URI. */
  readonly pinSource?: string
}

/**
 * Makes a token of a free slot and gives its URI. A token that was initialised before is never touched.
 *
 * @example
 * const uri = await initialiseToken({ modulePath: '/usr/lib/softhsm/libsofthsm2.so', label: 'pawl', soPin, pin })
 */
export async function initialiseToken({ pinSource, ...wanted }: NewToken): Promise<string> {
  const driver = new Driver(defaultTimeoutMs)
  try {
    await driver.call('initialise', wanted)
    return tokenUri(wanted.label, wanted.modulePath, pinSource)
  } catch (error) {
    throw error instanceof TokenError ? new HsmError('unavailable', error.message) : error
  } finally {
    driver.retire()
  }
}

/** Between processes bytes become a Buffer, which is a view of something larger. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

/** Types do not hold at run time, and libraries have leaked keys over numbers and arrays taken for bytes. */
function checkDigest(value: unknown): void {
  checkBytes('digest', value)
  if (value.length !== 32) throw new RangeError('digest must have 32 bytes')
}

function checkBytes(name: string, value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`)
}
