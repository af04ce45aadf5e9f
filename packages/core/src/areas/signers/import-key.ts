import * as z from 'zod'
import type { KeyChain } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { fields } from '../../operations/index.ts'
import { problemOf, readPrivateKey } from './private-key.ts'
import { orInvalid } from './refusals.ts'
import { familyFor, mainNetwork } from './schemas.ts'

const bytesMax = 512
const wifProblem = 'must be a WIF with a right checksum, for a compressed public key'

/** The fields of an operation that takes an existing private key. */
export const importFields = {
  private_key: fields.secretText(bytesMax),
  format: fields
    .optional(z.enum(['hex', 'base64', 'wif'], 'must be hex, base64 or wif'))
    .describe('How private_key is written. wif: for Bitcoin, with a compressed public key. Default: hex.'),
  address: fields
    .optional(fields.plainText(128, 1))
    .describe('The address that you expect. If the key has another address, nothing is imported.'),
}

interface Given {
  readonly private_key: Secret<string>
  readonly format?: 'hex' | 'base64' | 'wif' | undefined
  readonly address?: string | undefined
}

/** Reads an existing private key, and gives its bytes to what stores it. Refuses a key with another address than expected. */
export function importedKey<T extends { readonly address: string }>(
  chain: KeyChain,
  { private_key, format = 'hex', address }: Given,
  store: (imported: Uint8Array) => T,
): T {
  const { curve, canonical } = familyFor(chain)
  if (format === 'wif' && chain !== 'bitcoin') throw invalidField('format', 'wif is only for bitcoin')
  const expected = address && orInvalid(() => canonical(address, mainNetwork(chain)))
  const imported = readPrivateKey(private_key.reveal(), curve, format)
  if (!imported) throw invalidField('private_key', format === 'wif' ? wifProblem : problemOf(curve))
  const key = store(imported)
  if (expected !== undefined && expected !== key.address) {
    throw invalidField('address', 'is not the address of this private key')
  }
  return key
}
