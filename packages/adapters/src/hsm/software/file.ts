import type { FileHandle } from 'node:fs/promises'
import { type Crypto, equalBytes, HsmError, type Random, wipe } from '@pawl/core/ports'
import { append, cut, isUnchanged, makeNew, openOwn, removeDraft, replaceFile } from './disk.ts'
import * as format from './format.ts'
import { type Key, wipeKey } from './keys.ts'
import { costOf, kindOf, nameOf, problemOf, type Root, rootKeyOf } from './root.ts'
import { firstSecretOf, secretsOf, settleSecret } from './root-file.ts'

/** The dependencies of every function here. No function changes them. */
export interface Means {
  readonly path: string
  readonly crypto: Crypto
  readonly random: Random
}

/** The key file while it is open and its keys are in memory. */
export interface OpenFile {
  readonly handle: FileHandle
  readonly sealing: format.Sealing
  readonly rootKey: Uint8Array
  readonly keys: Map<string, Key>
  records: number
  length: number
}

/** Opens the file with the first of the secrets that fits; null when there is no file. */
export async function openFile(means: Means, root: Root, secrets: () => Promise<readonly Uint8Array[]>) {
  await removeDraft(means.path)
  const found = await openOwn(means.path)
  if (!found) return null
  const { handle, image } = found
  const tried: Uint8Array[] = []
  try {
    tried.push(...(await secrets()))
    const { secret, sealing, rootKey } = await unlock(means, image, root, tried)
    const contents = format.decodeRecords(image, sealing, means.path, means.crypto)
    if (contents.length < image.length) await cut(handle, contents.length)
    await settleSecret(root, secret)
    return { handle, sealing, rootKey, ...contents }
  } catch (error) {
    await handle.close()
    throw error
  } finally {
    for (const secret of tried) wipe(secret)
  }
}

async function unlock(means: Means, image: Uint8Array, root: Root, secrets: readonly Uint8Array[]) {
  const { path, crypto } = means
  const header = format.decodeHeader(image, path, crypto)
  if (header.root !== kindOf(root)) {
    throw new HsmError(
      'not_authentic',
      `${path} is encrypted with ${nameOf(header.root)}, not with ${nameOf(kindOf(root))}.`,
    )
  }
  for (const secret of secrets) {
    if (problemOf(header.root, secret)) continue
    const rootKey = await rootKeyOf(header, secret, crypto)
    const sealing = format.sealingFor(header, rootKey, crypto)
    if (format.isSealedUnder(image, sealing, path, crypto)) return { secret, sealing, rootKey }
    wipe(rootKey)
  }
  throw new HsmError('not_authentic', `This is not ${nameOf(header.root)} that opens ${path}.`)
}

/** Throws unless the root opens an image, and all of it. */
export async function checkImage(means: Means, root: Root, image: Uint8Array): Promise<void> {
  const tried = [...(await secretsOf(root))]
  try {
    const { sealing, rootKey } = await unlock(means, image, root, tried)
    const { keys, length } = format.decodeRecords(image, sealing, means.path, means.crypto)
    for (const key of keys.values()) wipeKey(key)
    wipe(rootKey)
    if (length !== image.length) throw new HsmError('not_authentic', 'The image of the keys is truncated.')
  } finally {
    for (const secret of tried) wipe(secret)
  }
}

/** Writes an image if there is no file. The call is idempotent: a file with the same image is accepted. */
export async function placeImage({ path }: Means, image: Uint8Array): Promise<void> {
  if (await makeNew(path, image)) return
  const present = await openOwn(path)
  await present?.handle.close()
  if (present && equalBytes(present.image, image)) return
  throw new HsmError('unavailable', `${path} holds other keys. Move them away first, or choose another path.`)
}

/** The whole file, as it is on the disk. */
export async function imageOf({ path }: Means, { handle, length }: OpenFile): Promise<Uint8Array> {
  const image = new Uint8Array(length)
  const { bytesRead } = await handle.read(image, 0, length, 0)
  if (bytesRead !== length) throw new HsmError('unavailable', `The key file ${path} could not be read whole.`)
  return image
}

/** Makes a file without keys, and the root key when that is missing too. */
export async function makeFile(means: Means, root: Root): Promise<OpenFile> {
  const secret = await firstSecretOf(root, means.random)
  const header = newHeader(means, root)
  const rootKey = await rootKeyOf(header, secret, means.crypto)
  wipe(secret)
  return writeFile(means, header, rootKey, new Map())
}

export function newHeader({ random }: Means, root: Root): format.Header {
  return { root: kindOf(root), id: random.bytes(16), salt: random.bytes(16), cost: costOf(root) }
}

/** Puts a file with these keys and nothing else in the place of what is there. */
export async function writeFile(means: Means, header: format.Header, rootKey: Uint8Array, keys: Map<string, Key>) {
  const sealing = format.sealingFor(header, rootKey, means.crypto)
  const image = format.encodeFile(sealing, keys, means.crypto, means.random)
  const handle = await replaceFile(means.path, image)
  return { handle, sealing, rootKey, keys, records: keys.size + 1, length: image.length }
}

/** Adds keys, durable when the promise resolves. */
export async function appendKeys({ crypto, random }: Means, file: OpenFile, keys: ReadonlyMap<string, Key>) {
  const image = format.encodeRecords(file.sealing, file.records, keys, crypto, random)
  await append(file.handle, image, file.length)
  for (const [uri, key] of keys) file.keys.set(uri, key)
  file.records += keys.size
  file.length += image.length
}

export async function isRootOf({ crypto }: Means, file: OpenFile, secret: Uint8Array): Promise<boolean> {
  const { header } = file.sealing
  if (problemOf(header.root, secret)) return false
  const rootKey = await rootKeyOf(header, secret, crypto)
  const same = equalBytes(rootKey, file.rootKey)
  wipe(rootKey)
  return same
}

export async function isOurs({ path }: Means, file: OpenFile): Promise<boolean> {
  return isUnchanged(file.handle, path, file.length)
}

/** Closes the file and leaves nothing of it in memory. */
export async function forgetFile(file: OpenFile): Promise<void> {
  for (const key of file.keys.values()) wipeKey(key)
  file.keys.clear()
  wipe(file.rootKey)
  await leaveFile(file)
}

/** Closes a file whose keys live on in another. */
export async function leaveFile(file: OpenFile): Promise<void> {
  wipe(file.sealing.key)
  await file.handle.close()
}
