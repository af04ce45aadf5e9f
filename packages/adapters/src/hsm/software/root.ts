import { type Argon2Cost, type Crypto, type Hsm, utf8, wipe } from '@pawl/core/ports'
import type { Header, RootKind } from './format.ts'

/** The source of the root key, which seals all other keys. */
export type Root = KeyFileRoot | PassphraseRoot | KeyRoot | SharesRoot | WrappedRoot

/** A file of 32 random bytes, made when there are no keys yet. Keep a copy apart from the copies of the key file. */
export interface KeyFileRoot {
  readonly keyFile: string
}

/** Turned into a key with Argon2id; `cost` is by default 64 MiB and three passes, and is kept in the file. */
export interface PassphraseRoot {
  readonly passphrase: string | Uint8Array
  readonly cost?: Argon2Cost
}

/** 32 bytes. */
export interface KeyRoot {
  readonly key: Uint8Array
}

/** 32 bytes that custodians hold in shares: the joined key, or `true` to stay sealed until `unseal` gets the key. */
export interface SharesRoot {
  readonly shares: true | Uint8Array
}

/** 32 random bytes in a file, wrapped by a key of another HSM. That HSM is closed together with this one. */
export interface WrappedRoot {
  readonly wrappedBy: Hsm
  /** The wrapping key; made when there are no keys yet. */
  readonly uri: string
  readonly file: string
}

export const rootKeyBytes = 32
const defaultCost: Argon2Cost = { memoryKib: 64 * 1024, passes: 3, lanes: 1 }
const noCost: Argon2Cost = { memoryKib: 0, passes: 0, lanes: 0 }

export function kindOf(root: Root): RootKind {
  if ('passphrase' in root) return 'passphrase'
  if ('shares' in root) return 'shares'
  return 'wrappedBy' in root ? 'wrapped' : 'key'
}

const names: Readonly<Record<RootKind, string>> = {
  key: 'a root key',
  passphrase: 'a passphrase',
  shares: 'a root key in shares',
  wrapped: 'a root key that another HSM wraps',
}

export function nameOf(kind: RootKind): string {
  return names[kind]
}

export function costOf(root: Root): Argon2Cost {
  return 'passphrase' in root ? (root.cost ?? defaultCost) : noCost
}

/** A copy of the given secret; null for a secret in a file, or one that comes later. */
export function givenSecret(root: Root): Uint8Array | null {
  if ('passphrase' in root) return bytesOf(root.passphrase)
  if ('shares' in root) return root.shares === true ? null : root.shares.slice()
  return 'key' in root ? root.key.slice() : null
}

/** A copy that its owner may wipe without harm to us. */
export function copyOf(root: Root): Root {
  if ('key' in root) return { key: root.key.slice() }
  if ('shares' in root) return { shares: root.shares === true || root.shares.slice() }
  return 'passphrase' in root ? { ...root, passphrase: bytesOf(root.passphrase) } : root
}

/** Our copy of the root after use: everything but the secret. */
export function spent(root: Root): Root {
  if ('key' in root) wipe(root.key)
  if ('shares' in root && root.shares !== true) wipe(root.shares)
  if ('shares' in root) return { shares: true }
  if ('passphrase' in root && typeof root.passphrase !== 'string') wipe(root.passphrase)
  return 'passphrase' in root ? { passphrase: '', cost: costOf(root) } : root
}

/** The problem with a secret for a new root, or null. */
export function problemOf(kind: RootKind, secret: Uint8Array): string | null {
  if (kind === 'passphrase') return secret.length > 0 ? null : 'a passphrase must not be empty'
  return secret.length === rootKeyBytes ? null : `a root key must be ${rootKeyBytes} bytes`
}

type OneOf<Kinds> = Kinds extends unknown ? keyof Kinds : never

const kinds: readonly OneOf<Root>[] = ['keyFile', 'passphrase', 'key', 'shares', 'wrappedBy']

/** Refuses at once what could never become a root. */
export function checkRoot(root: Root | undefined): asserts root is Root {
  if (!root || !kinds.some((kind) => kind in Object(root))) {
    const example = 'softwareHsm({ path: "data/keys", root: { keyFile: "data/root.key" } })'
    throw new TypeError(`softwareHsm: the option root must have one of ${kinds.join(', ')}: ${example}.`)
  }
  const secret = givenSecret(root)
  if (!secret) return
  const problem = problemOf(kindOf(root), secret)
  wipe(secret)
  if (problem) throw new RangeError(problem)
}

/** The key behind a secret. The caller wipes it. */
export async function rootKeyOf({ root, salt, cost }: Header, secret: Uint8Array, crypto: Crypto): Promise<Uint8Array> {
  return root === 'passphrase' ? crypto.argon2id(secret, salt, cost) : secret.slice()
}

function bytesOf(secret: string | Uint8Array): Uint8Array {
  return typeof secret === 'string' ? utf8(secret) : secret.slice()
}
