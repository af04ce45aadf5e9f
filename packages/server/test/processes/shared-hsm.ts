import { createHash, createHmac } from 'node:crypto'
import { readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hsm, HsmError, type KeyType, type Random } from '@pawl/core/ports'
import { memoryHsm, systemRandom } from '@pawl/core/ports/reference'

/**
 * The HSM of several processes of a test, and of no others: the bytes of a key follow from its URI, and a link in a
 * folder says that there is such a key, and of which type. So a key is there, or gone, for all at the same moment.
 */
export function sharedHsm(folder: string): Hsm {
  const held = new Map<string, Hsm>()
  const linkOf = (uri: string) => join(folder, createHash('sha256').update(uri).digest('hex'))

  async function use(uri: string): Promise<Hsm> {
    const type = await readlink(linkOf(uri)).catch(() => null)
    if (type === null) throw new HsmError('key_missing', `The key ${uri} does not exist.`)
    const hsm = held.get(uri) ?? memoryHsm({ random: following(uri) })
    held.set(uri, hsm)
    await hsm.createKey(uri, type as KeyType)
    return hsm
  }

  return {
    provider: 'memory',
    createKey: async (uri, type) => {
      // Whoever comes second finds the link of the first.
      await symlink(type, linkOf(uri)).catch(() => {})
      await (await use(uri)).createKey(uri, type)
    },
    publicKey: async (uri) => (await use(uri)).publicKey(uri),
    sign: async (uri, message) => (await use(uri)).sign(uri, message),
    wrap: async (uri, plaintext, associated) => (await use(uri)).wrap(uri, plaintext, associated),
    unwrap: async (uri, wrapped, associated) => (await use(uri)).unwrap(uri, wrapped, associated),
    destroyKey: (uri) => rm(linkOf(uri), { force: true }),
    status: async () => 'ok',
    close: async () => {},
  }
}

/** The first 32 bytes are those of the key; the nonces after it are of chance. */
function following(uri: string): Random {
  let isKeyMade = false
  return {
    bytes: (length) => {
      if (isKeyMade) return systemRandom.bytes(length)
      isKeyMade = true
      return createHmac('sha256', 'the keys of a test').update(uri).digest().subarray(0, length)
    },
  }
}
