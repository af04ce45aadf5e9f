import {
  type Crypto,
  concat,
  type DigestSigning,
  frame,
  type Hsm,
  HsmError,
  type KeyType,
  type Portable,
  type Random,
  type RotatingRoot,
  type Sealable,
  utf8,
} from '@pawl/core/ports'
import { nobleCrypto, systemRandom } from '@pawl/core/ports/reference'
import { checkImage } from './software/file.ts'
import { uriBytesMax } from './software/format.ts'
import { type Key, publicKeyOf, signDigestWith, signWith } from './software/keys.ts'
import { checkRoot, type Root } from './software/root.ts'
import { KeyStore } from './software/store.ts'

export { type RootKind, rootKindIn, rootKindOf } from './software/kind.ts'
export type { KeyFileRoot, KeyRoot, PassphraseRoot, Root, SharesRoot, WrappedRoot } from './software/root.ts'

export interface SoftwareHsmOptions {
  /** The file that holds the keys. Only the user that runs the process owns it and its folder. */
  readonly path: string
  readonly root: Root
  /** Files that may hold a root these keys had before. They are removed once the keys have opened under this one. */
  readonly formerRoots?: readonly string[]
  readonly crypto?: Crypto
  readonly random?: Random
}

/** Keys in a file, which can also be sealed under a root of another kind. */
export interface SoftwareHsm extends DigestSigning, Hsm, Sealable, RotatingRoot, Portable {
  /** Seals the keys under this secret from now on, and has it where this root says. The old root opens nothing then. */
  changeRoot(root: Root, secret: Uint8Array): Promise<void>
}

/**
 * Keys in one file, sealed under a root key. The file is opened (or made) when first used, by one process at a time; a
 * backup of it is a copy of it, with the root secret kept elsewhere.
 *
 * @example
 * const hsm = softwareHsm({ path: '.pawl/keys', root: { keyFile: '.pawl/root.key' }, crypto: nodeCrypto() })
 */
export function softwareHsm(options: SoftwareHsmOptions): SoftwareHsm {
  const {
    path,
    root,
    formerRoots,
    crypto = nobleCrypto,
    random = systemRandom,
  } = (options as Partial<SoftwareHsmOptions> | undefined) ?? {}
  checkRoot(root)
  if (!path) throw new TypeError('softwareHsm: the option path is missing. Pass the path of the file for the keys.')
  const store = new KeyStore({ path, crypto, random }, root, formerRoots)

  /** No `await` between this and the use of the key: see `KeyStore.key`. */
  function keyOf(uri: string, types: readonly KeyType[]): Key {
    const key = store.key(uri)
    if (!key) throw new HsmError('key_missing', `The key ${uri} does not exist.`)
    if (!types.includes(key.type)) throw wrongType(uri, key.type, types)
    return key
  }

  return {
    provider: 'software',

    createKey: async (uri, type) => {
      if (utf8(uri).length > uriBytesMax) throw new RangeError(`uri must be at most ${uriBytesMax} bytes`)
      await store.ready('create')
      const present = await store.create(uri, type)
      if (present !== type) throw wrongType(uri, present, [type])
    },

    publicKey: async (uri) => {
      await store.ready()
      return publicKeyOf(keyOf(uri, signingTypes))
    },

    sign: async (uri, message) => {
      checkBytes('message', message)
      await store.ready()
      return signWith(keyOf(uri, signingTypes), message)
    },

    signDigest: async (uri, digest) => {
      checkDigest(digest)
      await store.ready()
      return signDigestWith(keyOf(uri, ['secp256k1']), digest, { crypto, random })
    },

    wrap: async (uri, plaintext, associated) => {
      checkBytes('plaintext', plaintext)
      if (plaintext.length > wrapBytesMax) throw new RangeError(`plaintext must be at most ${wrapBytesMax} bytes`)
      await store.ready()
      const { secret } = keyOf(uri, ['aes-256'])
      const nonce = random.bytes(12)
      return concat(Uint8Array.of(wrapVersion), nonce, crypto.encrypt(secret, nonce, plaintext, bound(associated)))
    },

    unwrap: async (uri, wrapped, associated) => {
      checkBytes('wrapped', wrapped)
      await store.ready()
      const { secret } = keyOf(uri, ['aes-256'])
      const [nonce, sealed] = [wrapped.subarray(1, 13), wrapped.subarray(13)]
      const plaintext = wrapped[0] === wrapVersion ? crypto.decrypt(secret, nonce, sealed, bound(associated)) : null
      if (!plaintext) throw new HsmError('not_authentic', `The data was not wrapped by ${uri} for this purpose.`)
      return plaintext
    },

    destroyKey: async (uri) => {
      await store.ready()
      await store.destroy(uri)
    },

    seal: () => store.seal(),
    unseal: (secret) => store.unseal(secret),
    rotateRoot: async (secret) => {
      await store.ready()
      await store.rotate(secret)
    },
    changeRoot: async (root, secret) => {
      await store.ready()
      await store.rotate(secret, root)
    },

    image: async () => {
      await store.ready()
      return store.image()
    },

    status: () => store.status(),
    close: () => store.close(),
  }
}

/**
 * Throws unless the root opens the keys of an image. Nothing is written.
 *
 * @example
 * await checkKeys({ path: '.pawl/keys', root: { keyFile: '.pawl/root.key' } }, image)
 */
export async function checkKeys(options: SoftwareHsmOptions, image: Uint8Array): Promise<void> {
  const { path, root, crypto = nobleCrypto, random = systemRandom } = options
  checkRoot(root)
  await checkImage({ path, crypto, random }, root, image)
}

/**
 * Makes the key file from an image that another one gave, where there is none. Checks it first, and never overwrites.
 *
 * @example
 * await placeKeys({ path: '.pawl/keys', root: { keyFile: '.pawl/root.key' } }, await hsm.image())
 */
export async function placeKeys(options: SoftwareHsmOptions, image: Uint8Array): Promise<void> {
  await checkKeys(options, image)
  const { path, root, crypto = nobleCrypto, random = systemRandom } = options
  const store = new KeyStore({ path, crypto, random }, root)
  try {
    await store.place(image)
  } finally {
    await store.close()
  }
}

const signingTypes: readonly KeyType[] = ['ed25519', 'p-256', 'secp256k1']
const wrapLabel = utf8('pawl/hsm/wrap')
const wrapVersion = 1
const wrapBytesMax = 4096

function wrongType(uri: string, type: KeyType, types: readonly KeyType[]): HsmError {
  return new HsmError('wrong_type', `The key ${uri} has type ${type}. This operation requires ${types.join(' or ')}.`)
}

/** The label keeps a wrapped key from being mistaken for anything else sealed under the same key. */
function bound(associated: Uint8Array): Uint8Array {
  checkBytes('associated', associated)
  return frame(wrapLabel, associated)
}

/** Types do not hold at run time, and libraries have leaked keys over numbers and arrays taken for bytes. */
function checkDigest(value: unknown): void {
  checkBytes('digest', value)
  if (value.length !== 32) throw new RangeError('digest must have 32 bytes')
}

function checkBytes(name: string, value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`)
}
