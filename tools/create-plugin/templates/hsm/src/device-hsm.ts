import { concat, frame, type Hsm, HsmError, type KeyType, utf8 } from '@pawl/core/ports'
import type { Device, Handle } from './device.ts'

export { type Device, softDevice } from './device.ts'

const signingTypes: readonly KeyType[] = ['ed25519', 'p-256', 'secp256k1']
const wrapBytesMax = 4096
const wrapVersion = 1
/** Keeps what is wrapped from being taken for anything else that the same key encrypted. */
const wrapLabel = utf8('pawl/hsm/wrap')

/**
 * Keys in a device: what the port promises, on top of what a device does.
 *
 * @example
 * const hsm = deviceHsm(softDevice())
 */
export function deviceHsm(device: Device): Hsm {
  async function handleOf(uri: string, types: readonly KeyType[]): Promise<Handle> {
    const handle = await device.find(uri)
    if (!handle) throw new HsmError('key_missing', `The key ${uri} does not exist.`)
    checkType(uri, handle, types)
    return handle
  }

  return {
    provider: 'device',

    createKey: async (uri, type) => checkType(uri, await device.make(uri, type), [type]),

    publicKey: async (uri) => {
      const { x, y } = await device.point(await handleOf(uri, signingTypes))
      return y ? concat(Uint8Array.of(4), x, y) : x
    },

    sign: async (uri, message) => {
      checkBytes('message', message)
      const handle = await handleOf(uri, signingTypes)
      return lowS(handle.type, await device.sign(handle, message))
    },

    wrap: async (uri, plaintext, associated) => {
      checkBytes('plaintext', plaintext)
      checkBytes('associated', associated)
      if (plaintext.length > wrapBytesMax) throw new RangeError(`plaintext must be at most ${wrapBytesMax} bytes`)
      const handle = await handleOf(uri, ['aes-256'])
      return concat(Uint8Array.of(wrapVersion), await device.encrypt(handle, plaintext, frame(wrapLabel, associated)))
    },

    unwrap: async (uri, wrapped, associated) => {
      checkBytes('wrapped', wrapped)
      checkBytes('associated', associated)
      const handle = await handleOf(uri, ['aes-256'])
      const isKnown = wrapped[0] === wrapVersion
      const plaintext = isKnown ? await device.decrypt(handle, wrapped.subarray(1), frame(wrapLabel, associated)) : null
      if (!plaintext) throw new HsmError('not_authentic', `The data was not wrapped by ${uri} for this purpose.`)
      return plaintext
    },

    destroyKey: (uri) => device.destroy(uri),

    // Something that needs the device to be there, and no key.
    status: () =>
      device.find('').then(
        () => 'ok',
        () => 'unavailable',
      ),

    close: () => device.close(),
  }
}

function checkType(uri: string, { type }: Handle, types: readonly KeyType[]): void {
  if (!types.includes(type))
    throw new HsmError('wrong_type', `The key ${uri} has type ${type}. This operation requires ${types}.`)
}

/** Types do not hold at run time, and libraries have leaked keys over numbers and arrays taken for bytes. */
function checkBytes(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`)
}

/** How many points a curve has. */
const orders: Partial<Record<KeyType, bigint>> = {
  'p-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
}

/** Of the two forms of an ECDSA signature that verify, the one with the lower s. */
function lowS(type: KeyType, signature: Uint8Array): Uint8Array {
  const order = orders[type]
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
  if (order === undefined || s <= order / 2n) return signature
  return concat(signature.subarray(0, 32), Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex'))
}
