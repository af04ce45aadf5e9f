import { readFile, rename, rm, stat } from 'node:fs/promises'
import { HsmError, type Random, utf8, wipe } from '@pawl/core/ports'
import { isMissing, makeFolderOf, refuseOpenToOthers, replaceFile, syncFolderOf } from './disk.ts'
import { givenSecret, type Root, rootKeyBytes, type WrappedRoot } from './root.ts'

/** A file that holds a root key, as it is or wrapped. */
interface RootFile {
  readonly path: string
  encode(secret: Uint8Array): Promise<Uint8Array>
  decode(content: Uint8Array, path: string): Promise<Uint8Array>
}

/** The secrets that may open the keys, best first. */
export async function secretsOf(root: Root): Promise<readonly Uint8Array[]> {
  const given = givenSecret(root)
  if (given) return [given]
  const file = fileOf(root)
  if (!file) throw new HsmError('sealed', 'The keys are sealed. Unseal them first.')
  const next = await read(file, nextOf(file.path))
  const now = await read(file, file.path)
  if (!now && !next) {
    throw new HsmError('unavailable', `The keys exist, but the root key ${file.path} is missing. Restore it.`)
  }
  return [now, next].filter((secret) => secret !== null)
}

/** The secret for keys that are made for the first time. */
export async function firstSecretOf(root: Root, random: Random): Promise<Uint8Array> {
  const file = fileOf(root)
  if (!file) return (await secretsOf(root))[0] as Uint8Array
  const present = await read(file, file.path)
  if (present) return present
  const secret = random.bytes(rootKeyBytes)
  await makeFolderOf(file.path)
  await write(file, file.path, secret)
  return secret
}

// Two files cannot change as one. So the new root key is stored beside the old one before the keys are sealed again, and
// takes its place afterwards; whichever of the two opens the keys after a crash is the right one. A root of another kind
// has another file, or none, and the file of the old one goes last.

export async function announceSecret(root: Root, secret: Uint8Array): Promise<void> {
  const file = fileOf(root)
  if (!file) return
  await makeFolderOf(file.path)
  await write(file, nextOf(file.path), secret)
}

/** After the keys were opened with, or sealed again under, the secret: it alone stays in the file. */
export async function settleSecret(root: Root, secret: Uint8Array): Promise<void> {
  const file = fileOf(root)
  const next = file && (await read(file, nextOf(file.path)))
  if (!next) return
  if (Buffer.compare(next, secret) === 0) await rename(nextOf(file.path), file.path)
  else await rm(nextOf(file.path), { force: true })
  wipe(next)
  await syncFolderOf(file.path)
}

/** After the keys were sealed under another root: nothing stays of this one. */
export async function retireRoot(root: Root, successor: Root): Promise<void> {
  const file = fileOf(root)
  if (file && file.path !== fileOf(successor)?.path) await removeRootFile(file.path)
  if ('wrappedBy' in root && !('wrappedBy' in successor && successor.wrappedBy === root.wrappedBy)) {
    await root.wrappedBy.close()
  }
}

export async function removeRootFile(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(nextOf(path), { force: true })
  await syncFolderOf(path).catch((error) => {
    if (!isMissing(error)) throw error
  })
}

function fileOf(root: Root): RootFile | null {
  if ('keyFile' in root) return { path: root.keyFile, encode: async (secret) => secret, decode: plain }
  return 'wrappedBy' in root ? wrappedFile(root) : null
}

async function plain(content: Uint8Array, path: string): Promise<Uint8Array> {
  if (content.length === rootKeyBytes) return content
  throw new HsmError('not_authentic', `${path} is not a root key: it must hold ${rootKeyBytes} bytes.`)
}

const wrapLabel = utf8('pawl/hsm/root')

function wrappedFile({ wrappedBy, uri, file: path }: WrappedRoot): RootFile {
  return {
    path,
    encode: async (secret) => {
      await wrappedBy.createKey(uri, 'aes-256').catch(away)
      return wrappedBy.wrap(uri, secret, wrapLabel).catch(away)
    },
    decode: async (content) => wrappedBy.unwrap(uri, content, wrapLabel).catch(away),
  }
}

/** Without the other HSM there is no root key. Its errors about its own keys must not look like errors about our keys. */
function away(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error)
  const failure = error instanceof HsmError && error.failure === 'not_authentic' ? 'not_authentic' : 'unavailable'
  throw new HsmError(failure, `The HSM that wraps the root key cannot give it: ${message}`)
}

function nextOf(path: string): string {
  return `${path}.next`
}

async function write(file: RootFile, path: string, secret: Uint8Array): Promise<void> {
  await (await replaceFile(path, await file.encode(secret))).close()
}

async function read(file: RootFile, path: string): Promise<Uint8Array | null> {
  let content: Uint8Array
  try {
    refuseOpenToOthers(await stat(path), path, '600')
    content = new Uint8Array(await readFile(path))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  return file.decode(content, path)
}
