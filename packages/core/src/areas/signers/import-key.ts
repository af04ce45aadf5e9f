import * as z from 'zod'
import type { KeyChain } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { fields } from '../../operations/index.ts'
import { problemOf, readPrivateKey } from './private-key.ts'
import { orInvalid } from './refusals.ts'
import { familyFor, mainNetwork } from './schemas.ts'

const bytesMax = 512

/** The fields of an operation that takes an existing private key. */
export const importFields = {
  private_key: fields.secretText(bytesMax),
  format: fields
    .optional(z.enum(['hex', 'base64'], 'must be hex or base64'))
    .describe('How private_key is written. Default: hex.'),
  address: fields
    .optional(fields.plainText(128, 1))
    .describe('The address that you expect. If the key has another address, nothing is imported.'),
}

interface Given {
  readonly private_key: Secret<string>
  readonly format?: 'hex' | 'base64' | undefined
  readonly address?: string | undefined
}

/** Reads an existing private key, and gives its bytes to what stores it. Refuses a key with another address than expected. */
export function importedKey<T extends { readonly address: string }>(
  chain: KeyChain,
  { private_key, format = 'hex', address }: Given,
  store: (imported: Uint8Array) => T,
): T {
  const { curve, canonical } = familyFor(chain)
  const expected = address && orInvalid(() => canonical(address, mainNetwork(chain)))
  const imported = readPrivateKey(private_key.reveal(), curve, format)
  if (!imported) throw invalidField('private_key', problemOf(curve))
  const key = store(imported)
  if (expected !== undefined && expected !== key.address) {
    throw invalidField('address', 'is not the address of this private key')
  }
  return key
}
