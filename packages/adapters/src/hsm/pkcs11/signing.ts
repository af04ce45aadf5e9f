import { createHash } from 'node:crypto'
import { lowS } from '../ecdsa.ts'
import { CKM } from './constants.ts'
import type { SigningType } from './key-types.ts'
import { TokenError } from './protocol.ts'
import type { Handle, Token } from './token.ts'

/** Ed25519 signs the message itself; the ECDSA types its SHA-256, hashed here, because not every token hashes. */
export function signWith(token: Token, key: Handle, type: SigningType, message: Uint8Array): Uint8Array {
  const signature =
    type === 'ed25519'
      ? token.sign(key, CKM.EDDSA, message)
      : token.sign(key, CKM.ECDSA, createHash('sha256').update(message).digest())
  if (signature.length !== 64)
    throw new TokenError('unavailable', 'The token returned a signature of the wrong length.')
  return type === 'ed25519' ? signature : lowS(type, signature)
}
