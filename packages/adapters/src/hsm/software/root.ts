import { readFile, rename, rm, stat } from 'node:fs/promises'
import { type Argon2Cost, type Crypto, HsmError, type Random, utf8, wipe } from '@pawl/core/ports'
import { isMissing, makeFolderOf, refuseOpenToOthers, replaceFile, syncFolderOf } from './disk.ts'
import type { Header, RootKind } from './format.ts'

/** Where the key comes from that seals all others. */
export type Root = KeyFileRoot | PassphraseRoot | KeyRoot

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

const rootKeyBytes = 32
const usualCost: Argon2Cost = { memoryKib: 64 * 1024, passes: 3, lanes: 1 }
const noCost: Argon2Cost = { memoryKib: 0, passes: 0, lanes: 0 }

export function kindOf(root: Root): RootKind {
  return 'passphrase' in root ? 'passphrase' : 'key'
}

export function nameOf(kind: RootKind): string {
  return kind === 'passphrase' ? 'a passphrase' : 'a root key'
}

export function costOf(root: Root): Argon2Cost {
  return 'passphrase' in root ? (root.cost ?? usualCost) : noCost
}

/** A copy that its owner may wipe without harm to us. */
export function copyOf(root: Root): Root {
  if ('keyFile' in root) return root
  if ('key' in root) return { key: root.key.slice() }
  return { ...root, passphrase: bytesOf(root.passphrase) }
}

/** What is left of our copy when the secret was used: all but the secret. */
export function spent(root: Root): Root {
  if ('key' in root) wipe(root.key)
  if ('passphrase' in root && typeof root.passphrase !== 'string') wipe(root.passphrase)
  return 'passphrase' in root ? { passphrase: '', cost: costOf(root) } : root
}

/** Says what is wrong with a secret that is to become a root, or null. */
export function problemOf(kind: RootKind, secret: Uint8Array): string | null {
  if (kind === 'passphrase') return secret.length > 0 ? null : 'a passphrase must not be empty'
  return secret.length === rootKeyBytes ? null : `a root key must be ${rootKeyBytes} bytes`
}

/** Refuses at once what could never become a root. */
export function checkRoot(root: Root): void {
  if ('keyFile' in root) return
  const secret = bytesOf('key' in root ? root.key : root.passphrase)
  const problem = problemOf(kindOf(root), secret)
  wipe(secret)
  if (problem) throw new RangeError(problem)
}

/** The key behind a secret. The caller wipes it. */
export async function rootKeyOf({ root, salt, cost }: Header, secret: Uint8Array, crypto: Crypto): Promise<Uint8Array> {
  return root === 'passphrase' ? crypto.argon2id(secret, salt, cost) : secret.slice()
}

/** The secrets that may open the keys, best first. */
export async function secretsOf(root: Root): Promise<readonly Uint8Array[]> {
  if ('key' in root) return [root.key.slice()]
  if ('passphrase' in root) return [bytesOf(root.passphrase)]
  const next = await readKeyFile(nextOf(root.keyFile))
  const now = await readKeyFile(root.keyFile)
  if (!now && !next) {
    throw new HsmError('unavailable', `There are keys, but the root key ${root.keyFile} is missing. Put it back.`)
  }
  return [now, next].filter((secret) => secret !== null)
}

/** The secret for keys that are made for the first time. */
export async function firstSecretOf(root: Root, random: Random): Promise<Uint8Array> {
  if (!('keyFile' in root)) return bytesOf('key' in root ? root.key : root.passphrase)
  const present = await readKeyFile(root.keyFile)
  if (present) return present
  const secret = random.bytes(rootKeyBytes)
  await makeFolderOf(root.keyFile)
  await writeKeyFile(root.keyFile, secret)
  return secret
}

// Two files cannot change as one. So the new root key is stored beside the old one before the keys are sealed again, and
// takes its place afterwards; whichever of the two opens the keys after a crash is the right one.

export async function announceSecret(root: Root, secret: Uint8Array): Promise<void> {
  if ('keyFile' in root) await writeKeyFile(nextOf(root.keyFile), secret)
}

/** After the keys were opened with, or sealed again under, the secret: it alone stays in the key file. */
export async function settleSecret(root: Root, secret: Uint8Array): Promise<void> {
  if (!('keyFile' in root)) return
  const next = await readKeyFile(nextOf(root.keyFile))
  if (!next) return
  if (Buffer.compare(next, secret) === 0) await rename(nextOf(root.keyFile), root.keyFile)
  else await rm(nextOf(root.keyFile), { force: true })
  await syncFolderOf(root.keyFile)
}

function nextOf(keyFile: string): string {
  return `${keyFile}.next`
}

async function writeKeyFile(path: string, secret: Uint8Array): Promise<void> {
  await (await replaceFile(path, secret)).close()
}

async function readKeyFile(path: string): Promise<Uint8Array | null> {
  try {
    refuseOpenToOthers(await stat(path), path, '600')
    const secret = new Uint8Array(await readFile(path))
    if (secret.length === rootKeyBytes) return secret
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  throw new HsmError('not_authentic', `${path} is not a root key: it must hold ${rootKeyBytes} bytes.`)
}

function bytesOf(secret: string | Uint8Array): Uint8Array {
  return typeof secret === 'string' ? utf8(secret) : secret.slice()
}
