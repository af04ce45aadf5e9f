import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { type SegmentReport, verifySegmentFile } from '@pawl/core/maintenance'

/** Verifies an exported segment against public keys in base64. Needs no vault. */
export function verifyExported(path: string, publicKeys: readonly string[]): Promise<SegmentReport> {
  return verifySegmentFile(createInterface({ input: createReadStream(path) }), publicKeys, nodeCrypto())
}
