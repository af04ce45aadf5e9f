import { closeSync, openSync, readSync } from 'node:fs'
import type { Crypto } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'
import { isMissing } from './disk.ts'
import { decodeHeader, headBytes, type RootKind } from './format.ts'

export type { RootKind } from './format.ts'

/**
 * What kind of root a key file says it is sealed under; null when there is no file. Nothing vouches for it before the
 * keys have opened, so it is good for asking for the right secret, and for nothing else.
 *
 * @example
 * rootKindOf('.pawl/keys') // 'shares'
 */
export function rootKindOf(path: string, crypto: Crypto = nobleCrypto): RootKind | null {
  const image = new Uint8Array(headBytes)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, image)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  return decodeHeader(image, path, crypto).root
}

/** The same of an image of keys. */
export function rootKindIn(image: Uint8Array, crypto: Crypto = nobleCrypto): RootKind {
  return decodeHeader(image, 'The image of the keys', crypto).root
}
